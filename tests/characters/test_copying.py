"""Copies are found as by brute force, and fast."""

import random
import time

import numpy as np
import pytest

from utils.characters import TrainingText


@pytest.mark.parametrize("signs", ["a", "ab", "abc", "好卡吧\n🙂"])
def test_copies_are_those_of_brute_force_and_are_where_it_says(signs):
    rng = random.Random(len(signs))
    for _ in range(60):
        text = "".join(rng.choices(signs, k=rng.randint(0, 60)))
        sample = "".join(rng.choices(signs + "z", k=rng.randint(0, 40)))
        training = TrainingText(text)
        for n in (1, 2, 5):
            grams = [sample[i:i + n] for i in range(len(sample) - n + 1)]
            assert training.copied(sample, n).tolist() == [gram in text for gram in grams]
            share = training.copied_share(sample, n)
            assert np.isnan(share) if not grams else share == pytest.approx(
                sum(gram in text for gram in grams) / len(grams))
        longest = training.longest_copy(sample)
        pieces = {sample[i:j] for i in range(len(sample)) for j in range(i + 1, len(sample) + 1)}
        assert len(longest.text) == max((len(p) for p in pieces if p in text), default=0)
        if longest.text:
            size = len(longest.text)
            assert longest.start == next(k for k in range(len(sample))
                                         if sample[k:k + size] in text and k + size <= len(sample))
            assert sample.startswith(longest.text, longest.start)
            assert longest.source == text.find(longest.text)


def test_a_planted_copy_is_found_with_its_place():
    rng = random.Random(0)
    text = "".join(rng.choices("abcdefgh", k=5000))
    sample = "z" * 30 + text[1234:1300] + "z" * 4
    assert TrainingText(text).longest_copy(sample) == (text[1234:1300], 30, 1234)
    assert TrainingText(text).copied_share(sample) == (66 - 7) / (100 - 7)


def test_the_text_itself_is_a_copy_and_other_signs_are_none():
    training = TrainingText("abracadabra")
    assert training.longest_copy("abracadabra") == ("abracadabra", 0, 0)
    assert training.copied_share("abracadabra") == 1.0
    assert training.longest_copy("xyz") == training.longest_copy("") == ("", -1, -1)
    assert training.copied_share("xyzxyzxyz") == 0.0
    assert TrainingText("").longest_copy("abc") == ("", -1, -1)


def test_the_first_of_equally_long_copies_is_taken():
    assert TrainingText("abcd").longest_copy("xcd ab") == ("cd", 1, 2)
    assert TrainingText("ab ab ab").longest_copy("ab") == ("ab", 0, 0)


@pytest.mark.parametrize("kind", ["random", "one sign", "period"])
def test_a_long_sample_of_a_long_text_takes_seconds(kind):
    rng = random.Random(0)
    text = {"random": "".join(rng.choices([chr(0x4e00 + k) for k in range(2000)], k=200_000)),
            "one sign": "a" * 200_000, "period": "abcab" * 40_000}[kind]
    start = time.process_time()
    training = TrainingText(text)
    sample = text[50_000:70_000]
    assert training.copied_share(sample) == 1 and training.longest_copy(sample).text == sample
    assert time.process_time() - start < 8


@pytest.mark.parametrize(("call", "message"), [
    (lambda: TrainingText(["a"]), "text.*string"),
    (lambda: TrainingText("a").copied(None), "sample.*string"),
    (lambda: TrainingText("a").longest_copy(None), "sample.*string"),
    (lambda: TrainingText("a").copied_share("a", 0), "n .*got 0")])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
