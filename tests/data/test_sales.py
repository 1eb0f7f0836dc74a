"""The simulated sales: every fact that their card states."""

import re

import numpy as np
import pandas as pd
import pytest

from tests.conftest import DATASETS
from utils.data import DataError, clean_sales, load_sales, load_sales_limit, load_sales_plan
from utils.data import sales as sales_module

CARD = (DATASETS / "sales" / "README.md").read_text(encoding="utf-8")
SHOPS = ["harbour", "market", "office", "station", "suburb"]


@pytest.fixture(scope="module")
def simulator(dataset_script):
    return dataset_script("sales")


@pytest.fixture(scope="module")
def true_days(simulator):
    return simulator.simulate()


@pytest.fixture(scope="module")
def raw():
    return load_sales()


@pytest.fixture(scope="module")
def days():
    return clean_sales()


def stated(pattern):
    """Return the number that the card states at `pattern`'s group."""
    found = re.search(pattern, CARD)
    assert found, pattern
    return float(found[1].replace(",", ""))


# --- the faults ----------------------------------------------------------------------------


def test_the_planted_faults_are_as_many_as_the_card_says(raw, days):
    codes = raw["shop"].str.strip().str.lower()
    assert raw.duplicated().sum() == stated(r"repeated rows \| (\d+)")
    assert (~raw["shop"].isin(SHOPS)).sum() == stated(r"trailing space \| (\d+)")
    assert (raw["sales"] < 0).sum() == stated(r"negative sales \| (\d+)")
    median = codes.map(days.groupby("shop")["sales"].median())
    too_big = raw["sales"] > 6 * median
    assert too_big.sum() == stated(r"times ten\) \| (\d+)")
    assert (raw["sales"][~too_big] < 5 * median[~too_big]).all()       # no doubtful cases
    recorded = pd.MultiIndex.from_arrays([raw["date"], codes]).unique()
    every_day = pd.MultiIndex.from_product([load_sales_plan().index, SHOPS])
    missing = every_day.difference(recorded)
    assert len(missing) == stated(r"missing days \| (\d+) absent")
    assert days["sales"].isna().sum() == len(missing) + too_big.sum()


def test_the_dead_tills_are_those_of_the_card(raw):
    codes = raw["shop"].str.strip().str.lower()
    longest = {}
    for shop in SHOPS:
        gaps = raw.loc[codes == shop, "date"].drop_duplicates().diff().dt.days - 1
        longest[shop] = int(gaps.max())
    assert [longest[shop] for shop in ("market", "station", "suburb")] == [6, 9, 12]
    assert "at `market`, `station` and `suburb` for 6, 9 and 12 days" in CARD
    assert max(longest["harbour"], longest["office"]) <= 2


def test_cleaning_gives_the_true_days_back_or_nan(days, true_days):
    true = true_days.sort_values(["shop", "date"]).reset_index(drop=True)
    assert days[["shop", "date"]].equals(true[["shop", "date"]])
    known = days["sales"].notna()
    assert known.sum() == len(days) - 95
    assert (days.loc[known, "sales"] == true.loc[known, "sales"]).all()
    assert (days.loc[known, "sold_out"] == true.loc[known, "sold_out"]).all()
    assert (days["discount"] == true["discount"]).all()
    assert (days["holiday"] == true["holiday"]).all()


def test_cleaning_leaves_its_input_alone_and_takes_a_part_of_it(raw):
    before = raw.copy()
    part = clean_sales(raw[raw["date"] < "2022-01-01"])
    assert raw.equals(before)
    assert part.loc[part["date"] >= "2022-01-01", "sales"].isna().all()


def test_cleaning_names_what_it_cannot_use(raw):
    with pytest.raises(ValueError, match=r"columns.*\['sold_out'\]"):
        clean_sales(raw.drop(columns="sold_out"))
    with pytest.raises(ValueError, match=r"shops.*\['airport'\]"):
        clean_sales(raw.assign(shop="airport"))


# --- what the loaders return ---------------------------------------------------------------


def test_the_raw_file_is_typed_and_oldest_first(raw):
    assert raw.columns.tolist() == ["date", "shop", "sales", "discount", "holiday", "sold_out"]
    assert pd.api.types.is_datetime64_any_dtype(raw["date"])
    assert raw["date"].is_monotonic_increasing
    assert all(raw[name].dtype.kind == "i" for name in ("sales", "discount", "sold_out"))
    assert raw["holiday"].notna().all()
    assert set(raw["discount"]) == {0, 10, 20, 30} and set(raw["sold_out"]) == {0, 1}


def test_the_plan_knows_every_day_and_agrees_with_the_till(raw):
    plan = load_sales_plan()
    assert plan.columns.tolist() == ["holiday", *SHOPS]
    assert plan.index.equals(pd.date_range("2021-01-01", "2024-12-31", name="date"))
    rows = raw.assign(shop=raw["shop"].str.strip().str.lower())
    planned = [plan.loc[date, shop] for date, shop in zip(rows["date"], rows["shop"], strict=True)]
    assert (rows["discount"] == planned).all()
    assert (rows["holiday"] == plan.loc[rows["date"], "holiday"].to_numpy()).all()


def test_the_holidays_are_those_that_the_card_names():
    holiday = load_sales_plan()["holiday"]
    assert set(holiday) == {"", *re.findall(r"`(\w+)`", re.search(
        r"\| `holiday` \| (.*) or empty", CARD)[1])}
    first_days = holiday[(holiday == "spring_festival") & (holiday.shift() != holiday)].index
    assert ", ".join(f"{day.day} {day:%b %Y}" for day in first_days) in CARD
    assert (holiday == "pre_festival").sum() == 4 * 12


def test_a_missing_file_says_how_to_make_it(monkeypatch, tmp_path):
    monkeypatch.setattr(sales_module, "_FOLDER", tmp_path)
    for loader in (load_sales, load_sales_plan, load_sales_limit, clean_sales):
        with pytest.raises(DataError, match=r"`python datasets/sales/make_sales\.py`"):
            loader()


# --- what the data are like ----------------------------------------------------------------


def test_the_noise_floor_is_that_of_the_card(simulator, true_days):
    row = re.search(r"\| MAE \| (.*) \|", CARD)[1].split(" | ")
    means = re.search(r"\| mean sales \| (.*) \|", CARD)[1].split(" | ")
    floor = simulator.noise_floor(true_days)
    assert row == [f"{floor[name]:.1f}" for name in (*SHOPS, "all")]
    test = true_days[true_days["date"] >= "2024-01-01"]
    mean = test.groupby("shop")["sales"].mean()
    assert means == [f"{mean[shop]:.0f}" for shop in SHOPS] + [f"{test['sales'].mean():.0f}"]


def test_the_limit_is_the_floor_seen_from_the_files(days, simulator, true_days):
    best = load_sales_limit().stack().rename("best")
    seen = days.set_index(["date", "shop"])["sales"].reindex(best.index)
    error = (seen - best).abs().mean()
    assert error == pytest.approx(simulator.noise_floor(true_days)["all"], rel=0.02)


def test_no_shifted_or_scaled_limit_does_better(days):
    """`limit.csv` is the median: moving it either way costs."""
    best = load_sales_limit().stack()
    seen = days.set_index(["date", "shop"])["sales"].reindex(best.index)
    error = (seen - best).abs().mean()
    for factor in (0.97, 1.03):
        assert (seen - factor * best).abs().mean() > error


def test_the_shares_are_those_of_the_card(true_days):
    sold_out, promoted = true_days["sold_out"].mean(), (true_days["discount"] > 0).mean()
    assert f"{100 * sold_out:.1f}" == str(stated(r"Sold-out days \(([\d.]+) %\)"))
    assert round(100 * promoted) == stated(r"promotions fall on (\d+) % of days")


def test_a_promotion_builds_up_for_four_days(days):
    running = days.groupby("shop")["discount"].transform(
        lambda d: (d > 0).groupby((d == 0).cumsum()).cumsum())
    weekday = days["date"].dt.day_of_week
    plain = days[days["discount"] == 0].groupby(["shop", weekday])["sales"].mean()
    usual = plain.reindex(pd.MultiIndex.from_arrays([days["shop"], weekday]))
    lift = (days["sales"] / usual.to_numpy()).groupby(running).mean()
    assert lift[1] < lift[2] < lift[4] and lift[4] > lift[6] > lift[9]


def test_the_same_promotion_days_help_while_it_runs_and_hurt_afterwards(simulator):
    """The nonlinearity of the card, on days without noise, season or trend."""
    quiet = dict.fromkeys(SHOPS, (1000, 0.0, 0.0, 1, (0.0,) * 7))
    holiday = pd.Series("", index=pd.date_range("2021-03-01", periods=30), dtype=object)
    discount = np.zeros((3, 30), dtype=int)
    discount[1, 5:9] = discount[2, 5:15] = 20

    class Silent:
        def normal(self):
            return 0.0

        def random(self):
            return 1.0

    simulator_shops, simulator.SHOPS = simulator.SHOPS, quiet
    try:
        none, short, long = (simulator.simulate_shop(Silent(), "office", row, holiday)
                             for row in discount)
    finally:
        simulator.SHOPS = simulator_shops
    assert (none["sales"] == 1000).all()
    assert (short["sales"].iloc[5:9] > 1000).all()
    assert short["sales"].iloc[9] < 1000 and long["sales"].iloc[15] < short["sales"].iloc[9]
    assert short["sales"].iloc[9:20].is_monotonic_increasing          # the cupboard empties
    assert long["sales"].iloc[9] > 1000                               # the same past, still on
