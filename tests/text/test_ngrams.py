"""The n-gram model is modified Kneser-Ney, and its chances are chances."""

import time
from collections import Counter

import numpy as np
import pytest

from utils.characters import render_thread
from utils.data import load_tieba
from utils.text import Alphabet, CharacterNgrams


def made_text(rng, n, signs="abcde"):
    """Text where each character depends on the two before it, with some noise."""
    text = list(signs[:2])
    for _ in range(n - 2):
        k = (3 * signs.index(text[-1]) + 2 * signs.index(text[-2]) + 1) % len(signs)
        text.append(signs[k] if rng.random() < 0.6 else signs[rng.integers(len(signs))])
    return "".join(text)


@pytest.fixture(scope="module")
def text():
    return made_text(np.random.default_rng(0), 400)


def chance(text, alphabet, order, context, sign):
    """Chen & Goodman's formula on sets of substrings, with no array and no number of a context.

    `^` stands before the text. Discounts are those of equation (17), with the model's bounds.
    """
    known = "".join(alphabet.signs[n] for n in alphabet.encode(text))
    padded = "^" * (order - 1) + known

    def counts(n):
        grams = [padded[i - n + 1:i + 1] for i in range(order - 1, len(padded))]
        if n == order:
            return Counter(grams)
        return Counter(gram[1:] for gram in counts(n + 1))      # once per longer gram
    below = 1 / len(alphabet)
    context = ("^" * order + context)[len(context) + 1:]
    for n in range(1, order + 1):
        table, past = counts(n), context[len(context) - n + 1:]
        followers = {gram: k for gram, k in table.items() if gram[:-1] == past}
        if not followers:
            return below
        n_with = Counter(table.values())
        base = n_with[1] / (n_with[1] + 2 * n_with[2]) if n_with[1] else 0.5
        discount = {}
        for k in (1, 2, 3):
            there = n_with[k] and n_with[k + 1]
            value = k - (k + 1) * base * n_with[k + 1] / n_with[k] if there else k / 2
            discount[k] = min(max(value, 0.02 * k), 0.98 * k)
        total = sum(followers.values())
        taken = sum(discount[min(k, 3)] for k in followers.values())
        k = followers.get(past + sign, 0)
        below = (k - discount[min(k, 3)] if k else 0) / total + taken / total * below
    return below


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_chances_are_those_of_the_formula(text, order):
    alphabet = Alphabet.fit(text, min_count=2)
    model = CharacterNgrams(alphabet, order).fit(text[:150])
    for context in ("", "a", "ba", "eab", "bbbb", "z", "azz"):
        plain = "".join(alphabet.signs[n] for n in alphabet.encode(context))
        wanted = [chance(text[:150], alphabet, order, plain, sign) for sign in alphabet.signs]
        np.testing.assert_allclose(model.distribution(context), wanted, atol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("min_count", [1, 2])
def test_chances_are_positive_and_sum_to_one(order, min_count):
    text = "abracadabra, 好好学习天天向上\n" * 2 + "xyz"
    model = CharacterNgrams(Alphabet.fit(text, min_count), order).fit(text)
    for context in ("", "a", "abra", "学习", "qq", "zq学", "a very long context that ends in 天"):
        chances = model.distribution(context)
        assert chances.shape == (len(model.alphabet),)
        assert (chances > 0).all() and abs(chances.sum() - 1) < 1e-12


def test_a_text_costs_what_its_characters_cost_one_by_one(text):
    model = CharacterNgrams(Alphabet.fit(text, unknown="?"), 4).fit(text)
    seen = "abzcbeedq\ncabde"
    one_by_one = [-np.log(model.distribution("ca" + seen[:i])[model.alphabet.encode(seen[i])[0]])
                  for i in range(len(seen))]
    np.testing.assert_allclose(model.nats(seen, context="ca"), one_by_one)
    assert model.bits_per_character(seen, "ca") == pytest.approx(
        np.mean(one_by_one) / np.log(2))
    assert model.nats("").shape == (0,)


def test_longer_contexts_help_up_to_what_the_text_depends_on(text):
    rng = np.random.default_rng(1)
    train, test = made_text(rng, 20_000), made_text(rng, 5_000)
    alphabet = Alphabet.fit(train)
    bits = [CharacterNgrams(alphabet, order).fit(train).bits_per_character(test)
            for order in (1, 2, 3, 4)]
    true = -(0.68 * np.log2(0.68) + 0.32 * np.log2(0.08))      # 0.6 + 0.4 / 5, and 0.4 / 5 each
    assert bits[0] > bits[2] + 0.3 and bits[1] > bits[2] + 0.3
    assert true - 0.03 < bits[2] < true + 0.03 and abs(bits[3] - bits[2]) < 0.05


def test_all_unknown_characters_are_one_sign():
    text = "aabbcd" + "ab" * 9
    model = CharacterNgrams(Alphabet.fit(text, min_count=2), 3).fit(text)
    np.testing.assert_array_equal(model.nats("abxab"), model.nats("ab\ufffdab"))
    np.testing.assert_array_equal(model.distribution("ax"), model.distribution("ay"))


def test_threads_are_counted_and_scored_within_seconds():
    table = load_tieba()
    parts = {part: "".join(render_thread(row.board, row.title, row.posts)
                           for row in table[table["split"] == part].itertuples())
             for part in ("train", "validation")}
    alphabet = Alphabet.fit(parts["train"], min_count=2)
    start = time.process_time()
    bits = [CharacterNgrams(alphabet, order).fit(parts["train"]).bits_per_character(
        parts["validation"]) for order in (1, 3, 5)]
    assert time.process_time() - start < 9
    assert bits[0] > bits[1] + 1 > bits[2] + 1


@pytest.mark.parametrize(("call", "message"), [
    (lambda a: CharacterNgrams(a, 0), "order.*got 0"),
    (lambda a: CharacterNgrams(a).fit(""), "text.*empty"),
    (lambda a: CharacterNgrams(a).distribution("a"), "fit"),
    (lambda a: CharacterNgrams(a).nats("a"), "fit"),
    (lambda a: CharacterNgrams(a).fit("ab").bits_per_character(""), "bits"),
    (lambda a: CharacterNgrams(a).fit("ab").nats(["a"]), "text.*string")])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(Alphabet.fit("ab"))
