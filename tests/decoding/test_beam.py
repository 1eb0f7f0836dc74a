"""Beam search finds what exhaustive search finds, and stops no step too early."""

import itertools

import numpy as np
import pytest

from utils.decoding import Signs, beam_search, greedy_search, length_penalty

START, END, SIZE = 0, 1, 4
SIGNS = Signs(START, END, 6)


def toy(n_images, seed=0, sharp=1.5, size=SIZE):
    """Return a step function that remembers all tokens so far, and the states it starts from."""
    rng = np.random.default_rng(seed)
    table = rng.normal(scale=sharp, size=(n_images, 97, size))

    def step(tokens, states):
        image, code = states
        code = (code * 5 + tokens + 1) % 97
        logits = table[image, code]
        log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        return log_p, [image, code]

    return step, [np.arange(n_images), np.zeros(n_images, int)]


def log_probability(step, states, image, tokens):
    """Return the log-probability of one image's tokens, asked one by one."""
    state, last, total = [s[image:image + 1] for s in states], START, 0.0
    for token in tokens:
        log_p, state = step(np.array([last]), state)
        total, last = total + log_p[0, token], token
    return total


def exhaustive(step, states, image, max_length, alpha, banned=()):
    """Return (score, tokens) of every sentence that ends in time, the best first."""
    words = [token for token in range(SIZE) if token != END and token not in banned]
    found = []
    for length in range(max_length):
        for tokens in itertools.product(words, repeat=length):
            total = log_probability(step, states, image, [*tokens, END])
            found.append((total / length_penalty(length + 1, alpha), list(tokens)))
    return sorted(found, key=lambda one: -one[0])


@pytest.mark.parametrize("alpha", [0.0, 0.7, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_a_beam_wide_enough_finds_what_exhaustive_search_finds(seed, alpha):
    step, states = toy(3, seed)
    found = beam_search(step, states, Signs(START, END, 4), width=130, n_best=5, alpha=alpha)
    for image, best in enumerate(found):
        expected = exhaustive(step, states, image, 4, alpha)[:5]
        assert [one.tokens.tolist() for one in best] == [tokens for _, tokens in expected]
        np.testing.assert_allclose([one.score for one in best], [s for s, _ in expected])
        assert all(one.finished for one in best)


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_beam_of_one_is_greedy(alpha):
    step, states = toy(40, seed=5)
    greedy = greedy_search(step, states, SIGNS, alpha)
    assert {one.finished for one in greedy} == {True, False}    # both ways to stop are met
    for one, (other,) in zip(greedy, beam_search(step, states, SIGNS, 1, 1, alpha),
                             strict=True):
        assert one.tokens.tolist() == other.tokens.tolist() and one.finished == other.finished
        assert one.score == pytest.approx(other.score)


def test_log_probability_and_score_are_those_of_the_tokens():
    step, states = toy(20, seed=2)
    for image, best in enumerate(beam_search(step, states, SIGNS, 4, 4, 0.8)):
        for one in best:
            tokens = [*one.tokens, END] if one.finished else list(one.tokens)
            assert one.log_probability == pytest.approx(
                log_probability(step, states, image, tokens))
            assert one.score == pytest.approx(
                one.log_probability / length_penalty(len(tokens), 0.8))


def slow_beam(step, states, image, width, n_best, max_length, alpha):
    """Return (tokens, finished) of one image, without ever stopping early: an oracle."""
    live, ended = [(0.0, [])], []
    for _ in range(max_length):
        grown = []
        for total, tokens in live:
            state, last = [s[image:image + 1] for s in states], START
            for token in tokens:
                _, state = step(np.array([last]), state)
                last = token
            log_p, _ = step(np.array([last]), state)
            grown += [(total + log_p[0, k], [*tokens, k]) for k in range(SIZE)]
        best = sorted(grown, key=lambda one: -one[0])[:width - len(ended)]
        ended += [(total / length_penalty(len(tokens), alpha), tokens[:-1])
                  for total, tokens in best if tokens[-1] == END]
        live = [one for one in best if one[1][-1] != END]
    ended = sorted(ended, key=lambda one: -one[0])
    return ([(tokens, True) for _, tokens in ended]
            + [(tokens, False) for _, tokens in live])[:n_best]


@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0, 3.0])
def test_stopping_early_changes_nothing(alpha):
    step, states = toy(25, seed=8)
    for width, n_best in [(2, 1), (3, 1), (3, 2), (5, 5)]:
        found = beam_search(step, states, SIGNS, width, n_best, alpha)
        for image, best in enumerate(found):
            assert [(one.tokens.tolist(), one.finished) for one in best] == slow_beam(
                step, states, image, width, n_best, 6, alpha)


def test_a_short_sentence_does_not_win_over_a_longer_one_with_a_better_score():
    """Ending at once has P = 0.5; the other way has 0.5 · 0.9^3, which alpha 1 prefers."""
    table = {0: [(END, 0.5), (2, 0.5)], 2: [(3, 0.9), (END, 0.1)], 3: [(4, 0.9), (END, 0.1)],
             4: [(END, 0.9), (2, 0.1)]}

    def step(tokens, states):
        p = np.zeros((len(tokens), 5))
        for row, token in enumerate(tokens):
            for follower, chance in table.get(int(token), [(END, 1.0)]):
                p[row, follower] = chance
        with np.errstate(divide="ignore"):
            return np.log(p), states

    states = [np.zeros((1, 1))]
    short = beam_search(step, states, SIGNS, 3, 1, alpha=0.0)[0][0]
    long = beam_search(step, states, SIGNS, 3, 1, alpha=1.0)[0][0]
    assert short.tokens.tolist() == [] and short.score == pytest.approx(np.log(0.5))
    assert long.tokens.tolist() == [2, 3, 4]
    assert long.score == pytest.approx(np.log(0.5 * 0.9**3) / (9 / 6))


def test_images_do_not_touch_each_other():
    step, states = toy(12, seed=3)
    together = beam_search(step, states, SIGNS, 3, 2, 0.5)
    for image in range(12):
        alone = beam_search(step, [s[image:image + 1] for s in states], SIGNS, 3, 2, 0.5)
        assert [one.tokens.tolist() for one in alone[0]] == [
            one.tokens.tolist() for one in together[image]]


def test_a_wider_beam_finds_no_worse_sum_over_many_images():
    step, states = toy(60, seed=4)
    sums = [sum(best[0].log_probability for best in
                beam_search(step, states, Signs(START, END, 5), width, 1)) for width in (1, 4, 60)]
    assert sums[0] < sums[1] < sums[2]


def test_banned_tokens_never_come():
    step, states = toy(30, seed=6)
    for best in beam_search(step, states, Signs(START, END, 6, (0, 2)), 4, 4):
        assert all(set(one.tokens.tolist()) <= {3} for one in best)
    step, states = toy(1, seed=6)
    best, = beam_search(step, states, Signs(START, END, 4, (2,)), 60, 3)
    assert [one.tokens.tolist() for one in best] == [
        tokens for _, tokens in exhaustive(step, states, 0, 4, 0.0, banned=(2,))[:3]]


def test_a_sentence_cut_off_says_so_and_comes_last():
    def endless(tokens, states):
        return np.log(np.tile([0.1, 1e-9, 0.5, 0.4 - 1e-9], (len(tokens), 1))), states

    best, = beam_search(endless, [np.zeros((1, 1))], Signs(START, END, 3), 3, 3)
    assert best[0].tokens.tolist() == [2, 2, 2] and not any(one.finished for one in best)
    hypothesis, = greedy_search(endless, [np.zeros((1, 1))], Signs(START, END, 3))
    assert hypothesis.tokens.tolist() == [2, 2, 2] and not hypothesis.finished


@pytest.mark.parametrize("arguments, says", [
    ({"width": 0}, "width 0"), ({"n_best": 0}, "n_best 0"),
    ({"width": 2, "n_best": 3}, "n_best 3"),
    ({"signs": Signs(START, END, 0)}, "max_length 0"), ({"alpha": -1.0}, "alpha -1.0"),
    ({"states": [np.zeros(2), np.zeros(3)]}, r"\[2, 3\]"), ({"states": []}, "row"),
    ({"step": lambda tokens, states: (np.zeros(3), states)}, r"shape \(3,\)"),
    ({"step": lambda tokens, states: (np.ones((len(tokens), 3)), states)}, "log-softmax"),
    ({"step": lambda tokens, states: (np.full((len(tokens), 3), np.nan), states)}, "log-softmax"),
    ({"signs": Signs(START, END, 6, tuple(range(SIZE)))}, "token.*banned"),
])
def test_wrong_arguments_are_named(arguments, says):
    step, states = toy(2)
    given = {"step": step, "states": states, "signs": SIGNS} | arguments
    with pytest.raises(ValueError, match=says):
        beam_search(**given)
