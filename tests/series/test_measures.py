"""utils.series: errors of forecasts by their definitions, and a test that keeps its promise."""

import numpy as np
import pytest
from scipy import stats

from utils.series import coverage, diebold_mariano, mae, paired_difference, pinball, rmse

MEASURES = [rmse, lambda y, f: pinball(y, f, 0.3), lambda y, f: coverage(y, f, f)]


def _pair(shape=200, seed=0):
    return np.random.default_rng(seed).normal(size=(2, shape))


def test_rmse_weighs_one_large_error_more_than_mae():
    assert rmse([0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 8.0]) == 4          # mae is 2
    truth, forecast = _pair()
    assert rmse(truth, forecast) ** 2 == pytest.approx(
        np.var(truth - forecast) + np.mean(truth - forecast) ** 2)
    assert rmse(truth, forecast) > mae(truth, forecast)


def test_pinball_is_half_of_mae_at_the_median_and_weighs_the_sides():
    truth, forecast = _pair()
    assert pinball(truth, forecast, 0.5) == pytest.approx(mae(truth, forecast) / 2)
    assert pinball([5.0], [1.0], 0.9) == pytest.approx(3.6)         # the truth is above
    assert pinball([1.0], [5.0], 0.9) == pytest.approx(0.4)
    other_side = pinball(-truth, -forecast, 0.2)
    assert pinball(truth, forecast, 0.8) == pytest.approx(other_side)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.83])
def test_the_constant_of_least_pinball_loss_is_the_quantile(quantile):
    truth = np.random.default_rng(1).exponential(size=501)
    guesses = np.linspace(0, 4, 2001)
    losses = [pinball(truth, np.full(501, g), quantile) for g in guesses]
    best = guesses[np.argmin(losses)]
    assert best == pytest.approx(np.quantile(truth, quantile), abs=0.02)
    assert np.mean(truth <= best) == pytest.approx(quantile, abs=2 / 501 + 0.004)


def test_coverage_counts_ends_as_inside():
    assert coverage([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 3.5, 0.0], [1.0, 2.0, 9.0, 3.0]) == 0.5
    truth = np.random.default_rng(2).normal(size=4000)
    z = stats.norm.ppf(0.9)
    assert coverage(truth, np.full(4000, -z), np.full(4000, z)) == pytest.approx(
        0.8, abs=4 * np.sqrt(0.16 / 4000))


@pytest.mark.parametrize("measure", MEASURES)
def test_no_measure_broadcasts_or_skips_a_missing_value(measure):
    with pytest.raises(ValueError, match=r"\(3,\) and forecast \(3, 1\)"):
        measure(np.zeros(3), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="one shape"):
        measure(np.zeros(0), np.zeros(0))
    with pytest.raises(ValueError, match="missing"):
        measure([1.0, 2.0], [1.0, np.nan])


def test_quantiles_outside_their_range_and_crossed_intervals_are_refused():
    for quantile in (0, 1, 90):
        with pytest.raises(ValueError, match=f"got {quantile}"):
            pinball([1.0], [1.0], quantile)
    with pytest.raises(ValueError, match="2 interval"):
        coverage([1.0] * 3, [3.0, 0.0, 2.0], [2.0, 2.0, 1.0])
    with pytest.raises(ValueError, match=r"\(3,\) and forecast \(1,\)"):
        coverage([1.0] * 3, [0.0] * 3, [2.0])


@pytest.mark.parametrize("horizon", [1, 2, 5])
def test_diebold_mariano_is_the_formula_of_the_papers(horizon):
    a, b = np.square(_pair(40, seed=3))
    d = list(a - b)
    n, mean = len(d), sum(a - b) / 40
    total = 0.0                         # every pair of steps less than `horizon` apart
    for s in range(n):
        for t in range(n):
            if abs(s - t) < horizon:
                total += (d[s] - mean) * (d[t] - mean)
    plain = mean * n / total ** 0.5
    factor = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic, p = diebold_mariano(a, b, horizon)
    assert statistic == pytest.approx(plain * factor ** 0.5)
    cdf = stats.t(n - 1).cdf
    assert p == pytest.approx(cdf(-abs(statistic)) + 1 - cdf(abs(statistic)))


def test_one_step_ahead_it_is_the_paired_t_test():
    a, b = _pair(25, seed=4)
    statistic, p = diebold_mariano(a, b)
    expected = stats.ttest_rel(a, b)
    assert (statistic, p) == pytest.approx((expected.statistic, expected.pvalue))
    mean, error = paired_difference(a, b)
    assert statistic == pytest.approx(mean / error)


def test_swapping_the_forecasts_turns_the_sign_and_the_unit_does_not_matter():
    a, b = _pair(60, seed=5)
    statistic, p = diebold_mariano(a, b, 3)
    assert diebold_mariano(b, a, 3) == pytest.approx((-statistic, p))
    assert diebold_mariano(1e6 * a, 1e6 * b, 3) == pytest.approx((statistic, p))
    assert diebold_mariano(1e-9 * a, 1e-9 * b, 3) == pytest.approx((statistic, p))
    assert diebold_mariano(a + 2, b, 3)[0] > 0


def _share_found(horizon, assumed, shift=0.0, trials=2000, steps=100):
    """Return how often p < 5 % where d has the memory of forecasts `horizon` steps ahead."""
    rng, found = np.random.default_rng(6), 0
    for _ in range(trials):
        noise = rng.normal(size=steps + horizon - 1)
        d = np.convolve(noise, np.ones(horizon), "valid") + shift
        try:
            found += diebold_mariano(d, np.zeros(steps), assumed)[1] < 0.05
        except ValueError:              # no positive variance: nothing found
            pass
    return found / trials


@pytest.mark.parametrize("horizon", [1, 2])
def test_equal_forecasts_are_told_apart_in_about_five_percent_of_cases(horizon):
    # Four standard errors of the share are 0.019, and 100 steps are few.
    assert _share_found(horizon, horizon) == pytest.approx(0.05, abs=0.025)


def test_it_finds_a_difference_and_a_horizon_taken_too_short_finds_one_where_none_is():
    assert _share_found(1, 1, shift=0.5, trials=300) > 0.95
    assert _share_found(4, 1, trials=500) > 0.2


@pytest.mark.parametrize("a, b, horizon, message", [
    (np.ones(9), np.ones(8), 1, r"\(9,\) and \(8,\)"),
    (np.ones((9, 1)), np.ones((9, 1)), 1, r"\(9, 1\)"),
    (np.arange(4.0), np.ones(4), 4, "horizon=4"),
    (np.arange(4.0), np.ones(4), 0, "horizon=0"),
    ([1.0], [2.0], 1, "horizon=1"),
    ([1.0, np.nan, 2.0], np.ones(3), 1, "missing"),
    (np.arange(9.0), np.arange(9.0), 2, "equal at all 9 steps"),
    (np.arange(9.0) + 0.1, np.arange(9.0), 2, "not positive"),
    (1e6 * np.arange(9.0) + 0.1, 1e6 * np.arange(9.0), 1, "not positive"),
    (np.tile([1.0, -1.0], 10), np.full(20, 0.1), 2, "not positive, over 20 steps and horizon=2"),
])
def test_losses_that_cannot_be_compared_are_refused_with_the_reason(a, b, horizon, message):
    with pytest.raises(ValueError, match=message):
        diebold_mariano(a, b, horizon)
