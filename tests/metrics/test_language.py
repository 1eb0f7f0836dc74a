"""Measures of a language model on cases worked by hand."""

import math

import numpy as np
import pytest

from utils import metrics


@pytest.mark.parametrize("n_signs", [1, 2, 65, 2431])
def test_equal_chances_cost_log2_of_their_number(n_signs):
    nats = -math.log(1 / n_signs)
    assert metrics.bits_per_character(nats) == pytest.approx(math.log2(n_signs))
    assert metrics.perplexity(nats) == pytest.approx(n_signs)


def test_bits_and_perplexity_say_the_same():
    for nats in np.random.default_rng(0).uniform(0, 8, 20):
        assert 2 ** metrics.bits_per_character(nats) == pytest.approx(metrics.perplexity(nats))


def test_distinct_n_counts_within_texts():
    texts = ["abab", "ba", "c", ""]             # pairs: ab ba ab, ba
    assert metrics.distinct_n(texts, 1) == 3 / 7
    assert metrics.distinct_n(texts, 2) == 2 / 4
    assert metrics.distinct_n(texts, 4) == 1
    assert math.isnan(metrics.distinct_n(texts, 5))


@pytest.mark.parametrize(("call", "message"), [
    (lambda: metrics.bits_per_character(-0.1), r"got -0\.1"),
    (lambda: metrics.perplexity(float("nan")), "got nan"),
    (lambda: metrics.distinct_n("text", 2), "texts.*list"),
    (lambda: metrics.distinct_n(["text"], 0), "n .*got 0")])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
