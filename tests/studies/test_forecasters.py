"""The study's series are ready for a backtest, and its figures are those of the backtest."""

import numpy as np
import pandas as pd
import pytest

from utils.data import clean_sales, load_co2
from utils.series import backtest, check_series, leaderboard
from utils.studies.forecasters import FULL, NETWORKS, QUICK, Case, compare, load_case, methods


@pytest.mark.parametrize("name", QUICK)
def test_a_series_has_no_gap_and_room_for_its_blocks(name):
    case = load_case(name)
    check_series(case.series, gaps=False)
    assert len(case.series) > case.season * (case.origins + 5)


def test_filled_sales_copy_a_day_of_the_past_and_leave_known_days_alone():
    total = load_case("sales, daily").series
    days = clean_sales().pivot(index="date", columns="shop", values="sales")
    known = days.notna().all(axis=1)
    known = known[known].index.intersection(total.index)
    pd.testing.assert_series_equal(total[known], days.loc[known].sum(axis=1), check_names=False,
                                   check_freq=False)
    only = days.index[(days.isna().sum(axis=1) == 1) & (days.index > "2021-02-01")]
    day = next(d for d in only if days.loc[d - pd.Timedelta(days=7)].notna().all())
    shop = days.columns[days.loc[day].isna()][0]
    a_week_ago = days.loc[day - pd.Timedelta(days=7), shop]
    assert total[day] == days.loc[day].sum() + a_week_ago


def test_no_month_of_co2_is_made_up():
    months = load_case("CO2, monthly").series
    weeks = load_co2()
    for month, value in months.items():
        held = weeks[(weeks.index.year == month.year) & (weeks.index.month == month.month)]
        assert value == pytest.approx(held.mean())


def test_every_method_of_the_lesson_takes_part():
    assert set(methods(4)) >= {"last value", "seasonal naive", "SARIMA", *NETWORKS}
    assert len(methods(4)) == 11 and len(methods(4, networks=())) == 6


def test_figures_are_those_of_the_backtest():
    t = np.arange(72)
    series = pd.Series(10 + 3 * np.sin(np.pi * t / 2) + np.random.default_rng(0).normal(size=72),
                       index=pd.date_range("2000-01-01", periods=72, freq="QS"))
    quick = {name: make for name, make in methods(4, networks=()).items()
             if name in ("last value", "seasonal naive", "linear on lags")}
    found = compare(Case("made", series, 4, 3), quick)
    table = leaderboard(backtest(quick, series, 4, 3, 4))
    for name, row in found.items():
        assert row["mase"] == pytest.approx(table.loc[name, "mase"], abs=1e-4)
        assert row["spread"] == pytest.approx(table.loc[name, "spread"], abs=1e-4)
        assert row["beats_last_value"] == pytest.approx(table.loc[name, "beats_last"], abs=1e-4)
        assert np.mean([mase for _, _, mase in row["folds"]]) == pytest.approx(row["mase"],
                                                                              abs=1e-3)
        assert [day for day, _, _ in row["folds"]] == ["2015-01-01", "2016-01-01", "2017-01-01"]


def test_an_unknown_series_is_named():
    with pytest.raises(ValueError, match="got 'tides'"):
        load_case("tides")
    assert set(QUICK) < set(FULL)
