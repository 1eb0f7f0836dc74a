"""An alphabet numbers characters and gives back what it was given."""

import json

import numpy as np
import pytest

from utils.text import Alphabet


def test_known_text_comes_back_to_the_letter():
    text = "楼主：ＧＰＵ\t1060……\r\n  \u3000🙂\x00é\ud83d 卡"     # wide, astral, half signs
    alphabet = Alphabet.fit(text)
    numbers = alphabet.encode(text)
    assert numbers.dtype == np.int32 and numbers.shape == (len(text),)
    assert alphabet.decode(numbers) == text
    assert alphabet.unknown not in numbers


def test_numbers_are_places_in_signs():
    alphabet = Alphabet.fit("banana")
    assert [alphabet.signs[n] for n in alphabet.encode("nab")] == ["n", "a", "b"]
    assert len(alphabet) == len(alphabet.signs) == 4
    assert alphabet.signs[alphabet.unknown] == "\ufffd"


@pytest.mark.parametrize(("min_count", "known"), [(1, "abc"), (2, "bc"), (3, "c")])
def test_characters_below_the_cut_off_are_unknown(min_count, known):
    alphabet = Alphabet.fit("abbccc", min_count, unknown="?")
    assert alphabet.decode(alphabet.encode("abcz")) == \
        "".join(sign if sign in known else "?" for sign in "abcz")
    assert alphabet.unknown_share("abcz") == 1 - len(known) / 4
    assert np.isnan(alphabet.unknown_share(""))


def test_the_unknown_sign_in_a_text_is_unknown():
    alphabet = Alphabet.fit("a\ufffdb")
    assert len(alphabet) == 3
    assert alphabet.encode("\ufffd").tolist() == [alphabet.unknown]
    assert "a" in alphabet and "\ufffd" not in alphabet and "z" not in alphabet


def test_signs_beyond_the_last_code_point_and_no_text_are_handled():
    alphabet = Alphabet.fit("bc")
    assert alphabet.encode("a\U0010ffff").tolist() == [0, 0]
    assert alphabet.encode("").shape == (0,) and alphabet.decode([]) == ""


def test_a_saved_alphabet_comes_back(tmp_path):
    alphabet = Alphabet.fit("甲乙\n🙂\ud83d", unknown="?")
    alphabet.save(tmp_path / "signs.json")
    again = Alphabet.load(tmp_path / "signs.json")
    assert again.signs == alphabet.signs
    (tmp_path / "signs.json").read_bytes().decode("utf-8")


@pytest.mark.parametrize("content", [
    "", "{}", "[1]", json.dumps({"format": "alphabet 1", "signs": ["?", "ab"]}),
    json.dumps({"format": "alphabet 1", "signs": ["?", 3]}),
    json.dumps({"format": "vocabulary 1", "signs": ["?", "a"]})])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "signs.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"signs\.json"):
        Alphabet.load(tmp_path / "signs.json")


@pytest.mark.parametrize(("call", "message"), [
    (lambda: Alphabet.fit(""), r"\b1\b.*\b0\b"),
    (lambda: Alphabet.fit("abc", 2), r"\b2\b.*\b3\b"),
    (lambda: Alphabet.fit("abc", 0), "min_count.*got 0"),
    (lambda: Alphabet.fit(["a"]), "text.*string"),
    (lambda: Alphabet("?ba"), "once"),
    (lambda: Alphabet("?aa"), "once"),
    (lambda: Alphabet("aa"), "once"),
    (lambda: Alphabet("?"), "one .*more"),
    (lambda: Alphabet.fit("ab").encode(3), "text.*string"),
    (lambda: Alphabet.fit("ab").decode([0, 3]), "0 to 2.*got 3"),
    (lambda: Alphabet.fit("ab").decode([-1]), "0 to 2.*got -1"),
    (lambda: Alphabet.fit("ab").decode([0.5]), "integers"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
