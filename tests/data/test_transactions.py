"""The simulated orders: every fact that their card states."""

import re

import numpy as np
import pandas as pd
import pytest

from tests.conftest import DATASETS
from utils.baskets import (
    MarkovChain,
    Popularity,
    clean_transactions,
    customer_sequences,
    hit_rate,
    item_pairs,
    mean_reciprocal_rank,
    prefix_array,
    sequential_rules,
    split_by_time,
)
from utils.data import DataError, load_items, load_transaction_faults, load_transactions
from utils.data import transactions as transactions_module

CARD = (DATASETS / "transactions" / "README.md").read_text(encoding="utf-8")
PROSE = " ".join(CARD.split())                  # a sentence may go on in the next line


@pytest.fixture(scope="module")
def simulator(dataset_script):
    return dataset_script("transactions")


@pytest.fixture(scope="module")
def true_rows(simulator):
    return simulator.simulate()


@pytest.fixture(scope="module")
def raw():
    return load_transactions()


@pytest.fixture(scope="module")
def clean(raw):
    return clean_transactions(raw)[0]


# --- the files -----------------------------------------------------------------------------


def test_the_counts_are_those_of_the_card(true_rows, clean):
    n_customers = true_rows["customer_id"].nunique()
    n_orders = true_rows["order_id"].nunique()
    assert (f"{n_customers:,} customers placed {n_orders:,} orders of {len(true_rows):,} lines"
            in PROSE)
    assert f"leaves {len(clean):,} lines" in PROSE
    kept = customer_sequences(clean, 2)
    assert f"{len(kept):,} customers with at least two lines" in PROSE


# --- the faults ----------------------------------------------------------------------------


def test_the_planted_faults_are_as_many_as_the_card_says():
    counts = load_transaction_faults()["fault"].value_counts()
    stated = dict(re.findall(r"^\| `([a-z ]+)` \| ([\d,]+) \|", CARD, re.MULTILINE))
    assert stated == {fault: f"{count:,}" for fault, count in counts.items()}


def test_the_key_points_at_rows_that_show_their_fault(raw):
    faults = load_transaction_faults()
    rows = raw.loc[faults.index].assign(fault=faults["fault"], true=faults["true_value"])
    items = load_items().index

    def having(fault):
        return rows[rows["fault"] == fault]

    assert raw.index[raw.duplicated()].tolist() == sorted(having("repeated").index)
    assert (raw["status"] == "cancelled").sum() == (having("cancelled")["status"]
                                                    == "cancelled").sum() > 0
    assert (raw["quantity"].str.startswith("-").sum()
            == having("returned")["quantity"].str.startswith("-").sum() > 0)
    assert (raw["customer_id"] == "").sum() == len(having("no customer")) + len(
        having("lost customer"))
    assert (~raw["item_code"].isin(items)).sum() == len(having("odd code")) + len(
        having("unknown item"))
    assert (raw["unit_price_yuan"] == "n/a").sum() == len(having("unreadable"))
    price = having("price in fen")["unit_price_yuan"].astype(float)
    np.testing.assert_allclose(price, 100 * having("price in fen")["true"].astype(float))


def test_late_rows_are_as_many_as_the_card_says(raw):
    time = pd.to_datetime(raw["time"], format="%Y-%m-%d %H:%M", errors="coerce")
    time = time[time.between("2023-01-01", "2025-01-01")]
    late = (time < time.cummax()).sum()
    assert f"{late:,} rows tell of an earlier minute than a row above them" in PROSE


def test_cleaning_gives_the_true_purchases_back(true_rows, clean):
    key = ["order_id", "line"]
    both = clean.merge(true_rows, on=key, suffixes=("", "_true"), validate="one_to_one")
    assert len(both) == len(clean)                              # nothing invented
    for column in ("customer_id", "time", "item_code", "quantity"):
        assert (both[column] == both[column + "_true"]).all(), column
    np.testing.assert_allclose(both["unit_price_yuan"], both["unit_price_yuan_true"])
    known = both["returned_at"].notna()
    assert (both.loc[known, "returned_at"] == both.loc[known, "returned_at_true"]).all()
    assert known.sum() == both["returned_at_true"].notna().sum()
    lost = load_transaction_faults()["fault"].isin(["no time", "no customer", "unreadable"]).sum()
    assert len(true_rows) - len(clean) == lost


# --- what the loaders return ---------------------------------------------------------------


def test_the_raw_table_is_text_and_nothing_is_nan(raw):
    assert raw.shape[1] == 8 and raw.notna().all(axis=None)
    assert all(isinstance(value, str) for value in raw.iloc[0])
    assert "" in set(raw["customer_id"])


def test_the_catalogue_has_two_languages_and_one_row_per_item(true_rows):
    items = load_items()
    assert items.index.is_unique and items.index.str.fullmatch(r"[A-Z]\d{3}").all()
    assert not items[["name_en", "name_zh"]].apply(pd.Series.duplicated).any(axis=None)
    assert items["name_zh"].str.contains(r"[\u4e00-\u9fff]").all()
    assert items["name_en"].map(str.isascii).all()
    assert set(true_rows["item_code"]) == set(items.index)
    assert (items["list_price_yuan"] > 0).all()


def test_a_missing_or_short_file_says_how_to_make_it(monkeypatch, tmp_path):
    monkeypatch.setattr(transactions_module, "_FOLDER", tmp_path)
    for loader in (load_transactions, load_items, load_transaction_faults):
        with pytest.raises(DataError, match=r"`python .*make_transactions\.py`"):
            loader()
    (tmp_path / "transactions.csv").write_text("order_id,line\nN1,1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"columns \['customer_id', 'time', .*make_transactions"):
        load_transactions()


# --- what the data are like ----------------------------------------------------------------


def test_pairs_have_the_lift_they_were_given_and_tissues_have_none(simulator, clean):
    pairs = item_pairs(clean.groupby("order_id")["item_code"].agg(list)).set_index(
        ["item", "other"])
    for main, (companion, probability) in simulator.COMPANIONS.items():
        row = pairs.loc[main, companion]
        assert row["lift"] > 3, (main, companion)
        assert abs(row["confidence"] - probability) < 0.12, (main, companion)
    tissues = pairs.xs("H001", level="other")
    mains = tissues[tissues["orders"] >= 60]
    assert len(mains) > 20 and mains["lift"].between(0.6, 1.5).all()
    assert abs(mains["lift"].mean() - 1) < 0.1


def test_ink_follows_the_printer_after_about_six_weeks(clean):
    rules = sequential_rules(customer_sequences(clean), max_gap=6).set_index(["item", "then"])
    ink = rules.loc["P001", "P003"]
    assert ink["lift"] > 3 and 30 < ink["median_days"] < 50
    assert ("P001", "P005") not in rules.index or rules.loc["P001", "P005"]["lift"] < ink["lift"]


def test_two_steps_back_tell_more_than_one(clean):
    """The flavour before the last tells the direction of the round."""
    flavours = ["C001", "C002", "C003", "C004"]
    turned = went_on = 0
    for sequence in customer_sequences(clean, 3):
        coffee = [flavours.index(item) for item in sequence.items if item in flavours]
        for a, b, c in zip(coffee, coffee[1:], coffee[2:], strict=False):
            went_on += (c - b) % 4 == (b - a) % 4
            turned += (b - c) % 4 == (b - a) % 4
    assert went_on > 5 * turned > 0


def test_longer_memory_predicts_the_next_item_better(clean):
    items = list(load_items().index)
    train, cases = split_by_time(customer_sequences(clean, 2), "2024-07-01")
    past = [case.items[:-1] for case in cases]
    target = prefix_array([case.items[-1:] for case in cases], items, 1)[:, 0] - 1
    fits = [Popularity(items), MarkovChain(items, 1), MarkovChain(items, 2)]
    scores = [fit.fit(train).scores(past) for fit in fits]
    hits = [hit_rate(each, target, 5) for each in scores]
    ranks = [mean_reciprocal_rank(each, target) for each in scores]
    assert hits[0] + 0.1 < hits[1] and hits[1] + 0.03 < hits[2]
    assert ranks[0] + 0.1 < ranks[1] < ranks[2]
