"""Cleaning, cutting, numbering and batching of texts."""

import itertools
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from utils import text as package
from utils.text import (
    TOKENISERS,
    Vocabulary,
    characters,
    describe_input,
    hide_each,
    jieba_words,
    length_buckets,
    normalise,
    padding_share,
    shuffle_words,
    truncate,
    words,
)

ROOT = Path(__file__).resolve().parents[2]

# --- normalising ---------------------------------------------------------------------------


@pytest.mark.parametrize("text, plain", [
    ("ＧＯＯＤ　１００％！", "good 100%!"),
    ("味道，很好！", "味道,很好!"),
    ("½ m² ① ™", "½ m² ① ™"),                          # NFKC would change what these mean
    ("cafe\u0301", "café"),
    ("ﬁne", "fine"),
    ("one<br /><br/>two<BR>three</p>", "one two three"),
    ("3 < 5 and x > y", "3 < 5 and x > y"),
    ("rock &amp; roll &lt;br&gt; now", "rock & roll now"),
    ("wow!!!!!! why?? no!", "wow!! why?? no!"),
    ("well.... so。。。然后……", "well… so…然后…"),
    ("sooo gooood", "sooo gooood"),
    ("don’t “stop”", "don't \"stop\""),
    ("\ufeffa\u200bb\x00c \t\r\n\u3000 d\xa0e\ud83d", "abc d e"),
    (" \n\t ", "")])
def test_one_spelling_for_what_means_the_same(text, plain):
    assert normalise(text) == plain
    assert normalise(plain) == plain


def test_letters_stay_large_on_request():
    assert normalise("Ａ  Film", lower=False) == "A Film"


@pytest.mark.parametrize("value", [None, 3, float("nan"), ["a"]])
def test_what_is_no_string_is_named(value):
    with pytest.raises(ValueError, match=f"needs a string, got .* of type {type(value).__name__}"):
        normalise(value)


# --- tokens --------------------------------------------------------------------------------


def test_words_keep_apostrophes_and_part_scripts():
    assert words("I DON'T know, wifi很好吃3次👍🏽!") == [
        "i", "don't", "know", ",", "wifi", "很", "好", "吃", "3", "次", "👍", "🏽", "!"]
    assert words("a_b 'quoted'") == ["a", "_", "b", "'", "quoted", "'"]


@pytest.mark.parametrize("name", TOKENISERS)
@pytest.mark.parametrize("text", ["", " \n", "酒店 wifi 不 好！！！", "Good <br/> film… 3.5/5 🙂",
                                  "\x1c\x85\u2028a\u2003b"])
def test_tokens_hold_no_white_space_and_nothing_is_lost(name, text):
    tokens = TOKENISERS[name](text)
    assert all(token and not any(letter.isspace() for letter in token) for token in tokens)
    assert "".join(tokens) == "".join(normalise(text).split())


def test_characters_and_jieba_words_differ_in_chinese():
    assert characters("房间很干净") == list("房间很干净")
    assert jieba_words("房间很干净") == ["房间", "很", "干净"]


def test_jieba_says_nothing_while_it_loads(capfd):
    code = "from utils.text import jieba_words; jieba_words('很好')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert done.stdout == done.stderr == ""


@pytest.mark.parametrize("first, last", [(None, None), (3, None), (None, 2), (3, 2), (0, 4),
                                         (20, 1)])
def test_both_ends_stay_and_the_middle_goes(first, last):
    for n in range(12):
        tokens = list(range(n))
        kept = truncate(tokens, first, last)
        if (first, last) == (None, None):
            assert kept == tokens
            continue
        a, b = first or 0, last or 0
        # The rule written another way: keep whoever is among the first a or the last b.
        expected = [k for k in tokens if k < a or k >= n - b]
        assert kept == expected and len(kept) <= a + b


@pytest.mark.parametrize("first, last", [(0, 0), (-1, 3), (None, 0)])
def test_nothing_to_keep_is_refused(first, last):
    with pytest.raises(ValueError, match="first and last must be >= 0 and not both 0"):
        truncate(["a"], first, last)


# --- vocabularies --------------------------------------------------------------------------

TEXTS = ["a good good film", "a bad film.", "good 电影 🙂"]


def test_tokens_are_ranked_by_a_plain_count():
    vocabulary = Vocabulary.fit(TEXTS)
    counts = Counter(token for text in TEXTS for token in words(text))
    assert vocabulary.tokens[:2] == ["", "[UNK]"]
    assert sorted(vocabulary.tokens[2:]) == sorted(counts)
    ranked = [counts[token] for token in vocabulary.tokens[2:]]
    assert ranked == sorted(ranked, reverse=True)
    small = Vocabulary.fit(TEXTS, max_tokens=3)
    assert small.tokens == ["", "[UNK]", "good"] and len(small) == 3
    assert "good" in small and "film" not in small and "" not in small


@pytest.mark.parametrize("name, text", [("words", "a bad unseen film"), ("characters", "很好看吗"),
                                        ("jieba", "房间很干净吗")])
def test_numbers_point_at_the_tokens(name, text):
    vocabulary = Vocabulary.fit(["a bad film", "电影很好看", "房间干净"], tokeniser=name)
    numbers, = vocabulary.numbers([text])
    place = {token: k for k, token in enumerate(vocabulary.tokens)}
    assert numbers.tolist() == [place.get(token, 1) for token in TOKENISERS[name](text)]
    assert 1 in numbers and numbers.dtype == np.int32
    assert vocabulary.decode([*numbers, 0, 0]) == [
        token if token in place else "[UNK]" for token in TOKENISERS[name](text)]


def test_padding_is_at_the_end_and_as_long_as_asked():
    vocabulary = Vocabulary.fit(TEXTS)
    texts = ["", "a bad bad film", "good"]
    rows = vocabulary.numbers(texts)
    assert [len(row) for row in rows] == [0, 4, 1]
    for length in (None, 4, 7):
        encoded = vocabulary.encode(texts, length=length)
        assert encoded.shape == (3, length or 4) and encoded.dtype == np.int32
        for row, numbers in zip(encoded, rows, strict=True):
            assert row[:len(numbers)].tolist() == numbers.tolist()
            assert not row[len(numbers):].any()
    assert vocabulary.encode(["a bad bad good film"], first=1, last=1).tolist() == \
        vocabulary.encode(["a film"]).tolist()
    assert vocabulary.encode([""]).tolist() == [[0]]        # a step for a network to stand on
    assert vocabulary.encode([]).shape == (0, 1) and vocabulary.numbers([]) == []


def test_a_text_that_does_not_fit_is_not_cut_in_silence():
    vocabulary = Vocabulary.fit(TEXTS)
    with pytest.raises(ValueError, match="A text has 3 tokens, more than length 2: say with fir"):
        vocabulary.encode(["a good film"], length=2)


def test_the_unknown_share_counts_tokens():
    vocabulary = Vocabulary.fit(TEXTS)
    assert vocabulary.unknown_share(["a strange film", "odd"]) == 2 / 4
    assert vocabulary.unknown_share(TEXTS) == 0
    assert np.isnan(vocabulary.unknown_share(["", " "]))


def test_a_saved_vocabulary_is_the_same_again(tmp_path):
    vocabulary = Vocabulary.fit(TEXTS, tokeniser="characters")
    vocabulary.save(tmp_path / "zh.json")
    loaded = Vocabulary.load(tmp_path / "zh.json")
    assert (loaded.tokens, loaded.tokeniser) == (vocabulary.tokens, "characters")
    texts = ["bad 电影!", "🙂"]
    assert loaded.encode(texts).tolist() == vocabulary.encode(texts).tolist()


@pytest.mark.parametrize("content", [
    b"", b"[]", b"{}", b"\xff\xfe", json.dumps({"format": "other"}).encode(),
    json.dumps({"format": "vocabulary 1", "tokeniser": "words", "tokens": ["a"]}).encode()])
def test_a_file_that_is_no_vocabulary_is_one_sentence(tmp_path, content):
    (tmp_path / "v.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"v\.json is not what Vocabulary\.save .* make it anew"):
        Vocabulary.load(tmp_path / "v.json")


def test_bad_arguments_of_a_vocabulary_are_named():
    with pytest.raises(ValueError, match="No token in 2 texts"):
        Vocabulary.fit(["", " "])
    with pytest.raises(ValueError, match="one of words, characters, jieba, got 'letters'"):
        Vocabulary.fit(["a"], tokeniser="letters")
    with pytest.raises(ValueError, match="max_tokens must be at least 3, got 2"):
        Vocabulary.fit(["a"], max_tokens=2)
    for call in (Vocabulary.fit, Vocabulary.fit(["a"]).encode):
        with pytest.raises(ValueError, match="list of strings, got the string 'a film'"):
            call("a film")
    with pytest.raises(ValueError, match="each token once"):
        Vocabulary(["", "[UNK]", "a", "a"])


# --- batches -------------------------------------------------------------------------------


@pytest.mark.parametrize("n, batch_size", [(0, 4), (1, 4), (10, 4), (12, 4), (100, 1), (7, 50)])
def test_every_text_is_in_one_batch(n, batch_size):
    lengths = np.random.default_rng(0).integers(0, 9, n)
    batches = length_buckets(lengths, batch_size, np.random.default_rng(1))
    together = np.concatenate(batches) if batches else []
    assert sorted(together) == list(range(n))
    assert len(batches) == -(-n // batch_size)
    assert sum(len(batch) < batch_size for batch in batches) <= 1


def test_no_two_batches_overlap_in_length_and_epochs_differ():
    rng = np.random.default_rng(2)
    lengths = rng.integers(1, 200, 500)
    batches = length_buckets(lengths, 32, rng)
    spans = sorted((lengths[batch].min(), lengths[batch].max()) for batch in batches)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    firsts = [lengths[batch].min() for batch in batches]
    assert firsts != sorted(firsts)
    again = length_buckets(lengths, 32, rng)
    assert [batch.tolist() for batch in again] != [batch.tolist() for batch in batches]
    same = length_buckets(lengths, 32, np.random.default_rng(5))
    assert all((a == b).all() for a, b in zip(
        same, length_buckets(lengths, 32, np.random.default_rng(5)), strict=True))


def test_padding_share_by_hand_and_less_than_at_random():
    assert padding_share([1, 3, 2, 2], [[0, 1], [2, 3]]) == pytest.approx(2 / 10)
    assert padding_share([], []) == 0 and padding_share([0, 0], [[0, 1]]) == 0
    rng = np.random.default_rng(3)
    lengths = rng.lognormal(4, 0.7, 1000).astype(int) + 1
    at_random = padding_share(lengths, np.array_split(rng.permutation(1000), 31))
    assert padding_share(lengths, length_buckets(lengths, 32, rng)) < at_random / 4


def test_bad_batches_are_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        length_buckets([1], 0, rng)
    with pytest.raises(ValueError, match=r"lengths must be \(samples,\), got the shape \(1, 1\)"):
        length_buckets([[1]], 1, rng)


# --- out of depth --------------------------------------------------------------------------

FILMS = Vocabulary.fit(["this is a good film , really ! don't miss it", "it was bad . 3 times"])
HOTELS = Vocabulary.fit(["这家酒店的房间很干净,wifi也好。", "服务太差了!"], tokeniser="characters")


@pytest.mark.parametrize("text, vocabulary, language", [
    ("This is a really GOOD film!!", FILMS, "en"), ("it was bad", FILMS, "en"),
    ("房间很干净，服务也好！", HOTELS, "zh"), ("这家酒店wifi太差", HOTELS, "zh")])
def test_nothing_is_said_of_a_usual_text(text, vocabulary, language):
    assert describe_input(text, vocabulary, language) == []


@pytest.mark.parametrize("text", ["", "  \n", "<br />", "\u200b"])
def test_an_empty_text_is_told(text):
    assert describe_input(text, FILMS, "en") == [
        "The text is empty: there is nothing to judge."]


@pytest.mark.parametrize("text", ["🙂🙂🙂", "?!…", "👩‍👩‍👧 ❤️"])
def test_marks_and_emoji_alone_are_told(text):
    reason, = describe_input(text, FILMS, "en")
    assert "only marks or emoji" in reason


@pytest.mark.parametrize("text, vocabulary, language, said", [
    ("房间很干净", FILMS, "en", "Most of the text is not in Latin letters"),
    ("Это хороший фильм", FILMS, "en", "Most of the text is not in Latin letters"),
    ("This is a very good film", HOTELS, "zh", "Most of the text is not in Chinese characters"),
    ("good film 很好", FILMS, "en", "A good part of the text is not in Latin letters"),
    ("33 333", FILMS, "en", "digits but no letter")])
def test_another_language_or_a_mixture_is_told(text, vocabulary, language, said):
    assert any(said in reason for reason in describe_input(text, vocabulary, language))


def test_unknown_words_are_counted_and_shown():
    reason, = describe_input("this is un film magnifique", FILMS, "en")
    assert reason == "2 of 5 tokens (40%) are unknown to the model, such as un, magnifique."
    assert describe_input("this is un film magnifique", FILMS, "en", most_unknown=0.4) == []
    reason, = describe_input("z" * 5000, FILMS, "en")
    assert reason.endswith(f"such as {'z' * 19}….")


def test_a_long_text_is_told_with_what_is_read():
    long = "good film " * 5000
    assert describe_input(long, FILMS, "en") == []
    assert describe_input(long, FILMS, "en", first=4000, last=6000) == []       # all of it
    assert describe_input(long, FILMS, "en", first=100, last=150) == [
        "The text has 10,000 tokens, and the model reads only the first 100 and the last 150."]
    assert describe_input(long, FILMS, "en", last=1200) == [
        "The text has 10,000 tokens, and the model reads only the last 1,200."]


def test_each_reason_is_one_sentence_and_several_may_hold():
    reasons = describe_input("Это очень хороший фильм", FILMS, "en", first=2)
    assert len(reasons) == 3 and all(reason.endswith(".") for reason in reasons)
    with pytest.raises(ValueError, match="'en' or 'zh', got 'fr'"):
        describe_input("a", FILMS, "fr")
    with pytest.raises(ValueError, match="needs a string, got None"):
        describe_input(None, FILMS, "en")


# --- the package ---------------------------------------------------------------------------


def test_an_import_loads_nothing_heavy():
    code = ("import sys, utils.text, utils.metrics; print([name for name in ('tensorflow', "
            "'keras', 'sklearn', 'jieba', 'statsmodels') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_documented():
    for name in package.__all__:
        assert name == "TOKENISERS" or getattr(package, name).__doc__


# --- probes ------------------------------------------------------------------------------------


def test_shuffled_words_stay_in_their_text_and_before_its_padding():
    rng = np.random.default_rng(0)
    numbers = np.arange(1, 61).reshape(6, 10) * (np.arange(10) < np.arange(5, 11)[:, None])
    shuffled = shuffle_words(numbers, rng)
    np.testing.assert_array_equal(np.sort(shuffled, axis=1), np.sort(numbers, axis=1))
    np.testing.assert_array_equal(shuffled == 0, numbers == 0)
    assert (shuffled != numbers).any(axis=1).all()


def test_every_order_of_three_words_is_as_likely_as_the_others():
    rows = shuffle_words(np.tile([[1, 2, 3, 0]], (6000, 1)), np.random.default_rng(1))
    counts = np.unique(rows, axis=0, return_counts=True)[1]
    assert len(counts) == 6 and ((counts - 1000) ** 2 / 1000).sum() < 20.5      # p = 0.001


def test_each_token_is_hidden_once():
    rows = hide_each(np.array([5, 7, 9], "int32"))
    assert rows[0].tolist() == [5, 7, 9] and rows.dtype == np.int32
    assert [np.flatnonzero(row == 1).tolist() for row in rows[1:]] == [[0], [1], [2]]
