"""Samplers draw from the distributions they name, and writing stops where it should."""

import numpy as np
import pytest
from scipy import stats

from utils.decoding import PLAIN, Draw, gumbel_noise, next_log_probs, sample, weaken_repeats, write

CHANCES = np.array([0.02, 0.4, 0.1, 0.25, 0.15, 0.08])
LOGITS = np.log(CHANCES) + 3                    # any constant may be added to logits
N = 20_000


def _expected(temperature=1.0, kept=(0, 1, 2, 3, 4, 5)):
    """Return what the definition says, computed with powers and no logarithm."""
    powers = np.zeros(6)
    powers[list(kept)] = CHANCES[list(kept)] ** (1 / temperature)
    return powers / powers.sum()


CASES = [                                       # options, and the tokens that are left by hand
    ({}, range(6)), ({"temperature": 0.5}, range(6)), ({"temperature": 2.0}, range(6)),
    ({"top_k": 1}, [1]), ({"top_k": 3}, [1, 3, 4]), ({"top_k": 6}, range(6)),
    ({"top_p": 1e-9}, [1]), ({"top_p": 0.39}, [1]), ({"top_p": 0.41}, [1, 3]),
    ({"top_p": 0.81}, [1, 3, 4, 2]), ({"top_p": 1.0}, range(6)),
    ({"top_k": 3, "top_p": 0.6}, [1, 3]),       # of 0.8 that are left, 0.65 is more than 0.6
    ({"top_k": 4, "temperature": 0.7}, [1, 3, 4, 2]),
]


@pytest.mark.parametrize("options, kept", CASES)
def test_draws_follow_the_distribution(options, kept):
    expected = _expected(options.get("temperature", 1.0), kept)
    found = next_log_probs(LOGITS, **options)
    np.testing.assert_allclose(np.exp(found), expected, atol=1e-12)
    drawn = sample(np.broadcast_to(found, (N, 6)), np.random.default_rng(0))
    counts = np.bincount(drawn, minlength=6)
    assert (counts[expected == 0] == 0).all()
    left = expected > 0
    if left.sum() > 1:
        assert stats.chisquare(counts[left], N * expected[left]).pvalue > 0.001


def test_a_sampler_that_ignores_its_filter_would_be_found_out():
    counts = np.bincount(sample(np.broadcast_to(LOGITS, (N, 6)), np.random.default_rng(0)))
    assert stats.chisquare(counts, N * _expected(1.1)).pvalue < 0.001


def test_the_noise_has_a_gumbel_distribution_and_no_infinity():
    noise = gumbel_noise((50_000,), np.random.default_rng(0))
    assert stats.kstest(noise, stats.gumbel_r.cdf).pvalue > 0.001

    class Zeros:
        def standard_exponential(self, shape, dtype):
            return np.zeros(shape, dtype)

    assert np.isfinite(gumbel_noise((3,), Zeros())).all()


@pytest.mark.parametrize("options", [{"temperature": 0}, {"temperature": 1e-300}, {"top_k": 1},
                                     {"top_p": 1e-12}])
def test_the_limits_are_greedy(options):
    logits = np.random.default_rng(1).normal(size=(50, 30))
    chosen = sample(next_log_probs(logits, **options), np.random.default_rng(2))
    np.testing.assert_array_equal(chosen, logits.argmax(axis=1))


@pytest.mark.parametrize("options, kept", [
    ({"temperature": 0}, [1]), ({"top_k": 1}, [1]), ({"top_k": 2}, [1, 2]),
    ({"top_p": 0.5}, [1, 2]), ({"top_p": 0.7}, [1, 2, 4]),
])
def test_of_equally_likely_tokens_the_lower_number_goes_first(options, kept):
    ties = np.log([0.05, 0.3, 0.3, 0.05, 0.3])
    assert np.flatnonzero(np.isfinite(next_log_probs(ties, **options))).tolist() == kept


def test_excluded_tokens_stay_excluded_and_rows_do_not_mix():
    logits = np.array([[-np.inf, 0.0, 1.0], [5.0, -np.inf, 4.0]])
    with np.errstate(all="raise"):
        found = next_log_probs(logits, temperature=0.8, top_k=3, top_p=0.999)
    assert np.isneginf(found[0, 0]) and np.isneginf(found[1, 1])
    for row, one in zip(found, logits, strict=True):
        np.testing.assert_allclose(row, next_log_probs(one, 0.8, 3, 0.999))


def test_repeats_lose_odds_once_however_often_they_are_there():
    recent = np.array([[1, 1, -1, 5], [-1, -1, -1, -1]])
    found = weaken_repeats(np.stack([LOGITS, LOGITS]), recent, 2.0)
    np.testing.assert_allclose(found[0] - LOGITS, [0, -2, 0, 0, 0, -2])
    np.testing.assert_array_equal(found[1], LOGITS)


# --- writing -------------------------------------------------------------------------------


def _counter(tokens, states):
    """Say the token after the last one, of ten; the state is the sum of what was read."""
    states = np.zeros(len(tokens)) if states is None else states
    return np.where(np.arange(10) == (tokens[:, None] + 1) % 10, 50.0, 0.0), states + tokens


def _write(step=_counter, start=(3, 4), seed=0, draw=PLAIN, **options):
    return write(step, start, np.random.default_rng(seed), draw=draw, **options)


def test_writing_begins_with_the_start_and_says_why_it_stopped():
    stopped, cut = (_write(n_tokens=n, stop=8)[0] for n in (9, 3))
    assert stopped.tokens == [3, 4, 5, 6, 7, 8] and stopped.reason == "stop"
    assert cut.tokens == [3, 4, 5, 6, 7] and cut.reason == "length"
    assert _write(n_tokens=9)[0].reason == "length"


def test_a_stop_sign_in_the_start_does_not_end_the_text():
    assert _write(start=[8, 4], n_tokens=2, stop=8)[0].tokens == [8, 4, 5, 6]


def test_the_state_has_read_each_token_once():
    seen = []

    def step(tokens, states):
        logits, states = _counter(tokens, states)
        seen.append(states.copy())
        return logits, states

    _write(step, start=[2, 3, 4], n_tokens=3, samples=2)
    np.testing.assert_array_equal(np.array(seen), np.cumsum([[2] * 2, [3] * 2, [4] * 2, [5] * 2,
                                                             [6] * 2], axis=0))


def _any(tokens, states):
    return np.broadcast_to(LOGITS, (len(tokens), 6)), states


def test_each_sample_stops_on_its_own():
    texts = _write(_any, [0], n_tokens=12, samples=200, stop=1)
    for text in texts:
        written = text.tokens[1:]
        assert (written[-1] == 1 and 1 not in written[:-1]) == (text.reason == "stop")
        assert text.reason == "stop" or (len(written) == 12 and 1 not in written)
    first = np.mean([len(text.tokens) == 2 for text in texts])
    assert stats.binomtest(round(200 * first), 200, CHANCES[1]).pvalue > 0.001


def test_the_seed_decides_the_text():
    one, same, other = (_write(_any, [0], seed, n_tokens=40)[0].tokens for seed in (1, 1, 2))
    assert one == same != other


def test_against_repeats_a_text_that_goes_round_in_a_circle_leaves_it():
    def circle(tokens, states):
        return np.where(np.arange(6) == (tokens[:, None] + 1) % 3, 5.0, LOGITS - 5), states

    assert set(_write(circle, [0], n_tokens=30, draw=Draw(0))[0].tokens) == {0, 1, 2}
    varied = _write(circle, [0], n_tokens=30,
                    draw=Draw(0, repetition=50.0, window=5))[0].tokens
    assert sorted(varied[:6]) == list(range(6)) == sorted(varied[6:12])


@pytest.mark.parametrize("options, message", [
    ({"draw": Draw(-0.5)}, r"temperature.*got -0\.5"),
    ({"draw": Draw(float("nan"))}, "temperature.*got nan"),
    ({"draw": Draw(top_k=11)}, "10 tokens.*got 11"),
    ({"draw": Draw(top_k=0)}, "10 tokens.*got 0"),
    ({"draw": Draw(top_k=1.5)}, r"whole.*got 1\.5"),
    ({"draw": Draw(top_p=0.0)}, r"at most 1.*got 0\.0"),
    ({"draw": Draw(top_p=1.01)}, r"at most 1.*got 1\.01"),
    ({"start": []}, "start.*one token"),
    ({"n_tokens": 0}, "got 0 and 1"), ({"samples": 0}, "got 200 and 0"),
    ({"draw": Draw(repetition=-1)}, "repetition.*got -1"),
    ({"draw": Draw(window=0)}, "window.*got 0"),
])
def test_bad_input_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        _write(**options)


def test_a_diverged_network_is_named():
    for logits in ([0.0, np.nan], [0.0, np.inf], [-np.inf, -np.inf]):
        with pytest.raises(ValueError, match="diverged"):
            next_log_probs(logits)
