"""Tables to sequences: the cleaning against what was planted, the counting by brute force."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from utils.baskets import (
    MarkovChain,
    Popularity,
    Sequence,
    clean_transactions,
    customer_sequences,
    hit_rate,
    item_pairs,
    mean_reciprocal_rank,
    next_order_targets,
    prefix_array,
    sequential_rules,
    split_by_time,
    target_ranks,
)
from utils.data import load_items, load_transaction_faults, load_transactions


@pytest.fixture(scope="module")
def raw():
    return load_transactions()


@pytest.fixture(scope="module")
def cleaned(raw):
    return clean_transactions(raw)


@pytest.fixture(scope="module")
def sequences(cleaned):
    return customer_sequences(cleaned[0], min_length=2)


def small_table(*rows):
    """Return a raw table of (order, line, customer, time, item, quantity, price, status)."""
    columns = ["order_id", "line", "customer_id", "time", "item_code", "quantity",
               "unit_price_yuan", "status"]
    return pd.DataFrame(rows, columns=columns).astype(str)


def a_row(order="N1", line=1, customer="U1", time="2023-05-01 10:00", item="K001", quantity=1,
          price="75.0", status="paid"):
    return order, line, customer, time, item, quantity, price, status


def bought(items, days=None, amounts=None, orders=None, returns=None, customer="U1"):
    """Return a Sequence of one purchase per letter of `items`, a day apart."""
    n = len(items)
    days = range(n) if days is None else days
    times = np.datetime64("2024-01-01", "s") + np.array(list(days)) * np.timedelta64(86400, "s")
    return Sequence(customer, np.array(list(items), object), times,
                    np.array(amounts or [1.0] * n),
                    np.array(orders or [f"N{at}" for at in range(n)], object),
                    np.array(returns or [0] * n))


# --- cleaning ------------------------------------------------------------------------------

PLANTED = {     # (reason, action) of the report: fault of the key
    ("repeated row", "dropped"): "repeated", ("cancelled", "dropped"): "cancelled",
    ("odd item code", "mended"): "odd code", ("unknown item", "dropped"): "unknown item",
    ("unreadable number", "dropped"): "unreadable", ("impossible time", "mended"): "lost time",
    ("impossible time", "dropped"): "no time", ("missing customer", "mended"): "lost customer",
    ("missing customer", "dropped"): "no customer", ("price in fen", "mended"): "price in fen",
    ("return", "dropped"): "returned",
}


def test_cleaning_finds_every_planted_fault_and_nothing_else(cleaned):
    """Precision and recall are both 1, fault by fault."""
    faults, report = load_transaction_faults(), cleaned[1]
    assert {(reason, action) for reason, action, _ in report.steps} == set(PLANTED)
    assert set(faults["fault"]) == set(PLANTED.values())
    for (reason, action), fault in PLANTED.items():
        planted = set(faults.index[faults["fault"] == fault])
        found = set(report.rows(reason, action))
        assert found and found == planted, (reason, len(found - planted), len(planted - found))


@pytest.mark.parametrize(("fault", "column"), [
    ("odd code", "item_code"), ("lost customer", "customer_id"), ("lost time", "time"),
    ("price in fen", "unit_price_yuan")])
def test_what_was_mended_has_its_true_value_again(cleaned, fault, column):
    faults = load_transaction_faults()
    true = faults.loc[faults["fault"] == fault, "true_value"]
    mended = cleaned[0].loc[true.index, column]
    if column == "time":
        true = pd.to_datetime(true)
    if column == "unit_price_yuan":
        np.testing.assert_allclose(mended, true.astype(float))
    else:
        assert (mended == true).all()


def test_the_report_adds_up(raw, cleaned):
    clean, report = cleaned
    table = report.table
    dropped = table.loc[table["action"] == "dropped", "rows"].sum()
    assert len(raw) - dropped == len(clean) == table["left"].iloc[-1]
    gone = set(raw.index) - set(clean.index)
    labels = [set(found) for _, action, found in report.steps if action == "dropped"]
    assert set().union(*labels) == gone and sum(map(len, labels)) == len(gone)
    assert len(report.rows("impossible time")) == sum(
        table.loc[table["reason"] == "impossible time", "rows"])
    with pytest.raises(ValueError, match="'rust'"):
        report.rows("rust")


def test_clean_rows_are_typed_known_and_in_order(raw, cleaned):
    before = raw.copy()
    clean, _ = clean_transactions(raw)
    assert raw.equals(before) and clean.equals(cleaned[0])
    assert clean["time"].is_monotonic_increasing
    assert clean["item_code"].isin(load_items().index).all()
    assert (clean["quantity"] > 0).all() and (clean["unit_price_yuan"] > 0).all()
    assert clean.drop(columns="returned_at").notna().all(axis=None)
    np.testing.assert_allclose(clean["amount_yuan"],
                               clean["quantity"] * clean["unit_price_yuan"], atol=0.005)
    back = clean["returned_at"].dropna()
    assert len(back) and (back > clean.loc[back.index, "time"]).all()


def test_cleaning_does_not_ask_for_the_order_of_rows(raw, cleaned):
    shuffled, _ = clean_transactions(raw.sample(frac=1, random_state=0))
    copies = cleaned[1].rows("repeated row")        # of two equal rows either may be kept
    keys = ["order_id", "line"]
    assert len(copies)
    pd.testing.assert_frame_equal(shuffled.reset_index(drop=True),
                                  cleaned[0].reset_index(drop=True))
    assert not cleaned[0].duplicated(keys).any()


@pytest.mark.parametrize("code", ["k001", " K001", "Ｋ００１", "ｋ1", "K1", "K 001", "K　01"])
def test_every_spelling_of_a_code_is_one_item(code):
    clean, report = clean_transactions(small_table(a_row(item=code)))
    assert clean["item_code"].tolist() == ["K001"]
    assert report.rows("odd item code").tolist() == [0]


def test_a_lost_time_is_taken_from_the_purchases_of_the_order_and_not_from_a_return():
    rows = [a_row(line=1, time="2023-05-09 10:00", quantity=-1, status="returned"),
            a_row(line=1), a_row(line=2, item="K005", price="39.0", time="2042-01-01 10:00"),
            a_row("N2", time="2024-02-30 10:00"), a_row("N3", time="2024-12-31 23:59"),
            a_row("N4", time="2025-01-01 00:00"), a_row("N5", customer="")]
    clean, report = clean_transactions(small_table(*rows))
    assert clean.index.tolist() == [1, 2, 4]
    assert clean["time"].tolist()[:2] == [pd.Timestamp("2023-05-01 10:00")] * 2
    assert clean["returned_at"].tolist()[0] == pd.Timestamp("2023-05-09 10:00")
    assert clean["returned_at"].isna().tolist() == [False, True, True]
    assert report.rows("impossible time", "dropped").tolist() == [3, 5]
    assert report.rows("missing customer", "dropped").tolist() == [6]


def test_cleaning_names_what_it_cannot_use(raw):
    with pytest.raises(ValueError, match=r"columns.*\['line', 'status'\]"):
        clean_transactions(raw.drop(columns=["status", "line"]))
    with pytest.raises(ValueError, match=r"status.*\['payed'\]"):
        clean_transactions(small_table(a_row(status="payed")))
    with pytest.raises(ValueError, match="rows"):
        clean_transactions(raw.iloc[:0])
    with pytest.raises(ValueError, match="labels"):
        clean_transactions(pd.concat([raw.head(3), raw.head(3)]))
    _, report = clean_transactions(small_table(a_row(), a_row("N2", price="soon"),
                                               a_row("N3", quantity="0"), a_row("N4", line="")))
    assert report.rows("unreadable number").tolist() == [1, 2, 3]


# --- sequences and their split -------------------------------------------------------------


def test_sequences_hold_every_purchase_once_in_order_of_time(cleaned, sequences):
    clean = cleaned[0]
    counts = clean["customer_id"].value_counts()
    assert [s.customer for s in sequences] == sorted(counts.index[counts >= 2])
    assert sum(map(len, sequences)) == counts[counts >= 2].sum()
    shuffled = customer_sequences(clean.sample(frac=1, random_state=1), min_length=2)
    for one, other in zip(sequences, shuffled, strict=True):
        assert (np.diff(one.times) >= np.timedelta64(0, "s")).all()
        assert one.items.tolist() == other.items.tolist()
        assert one.orders.tolist() == other.orders.tolist()


def test_returns_are_counted_only_once_they_have_happened(cleaned, sequences):
    back = cleaned[0].dropna(subset="returned_at").groupby("customer_id")["returned_at"]
    back = {customer: times.tolist() for customer, times in back}
    for sequence in sequences[:200]:
        known = [sum(time <= pd.Timestamp(now) for time in back.get(sequence.customer, []))
                 for now in sequence.times]
        assert sequence.returns.tolist() == known


def test_no_training_event_is_later_than_the_split_and_no_case_sees_past_its_target(sequences):
    date = np.datetime64("2024-07-01")
    train, cases = split_by_time(sequences, "2024-07-01")
    whole = {s.customer: s for s in sequences}
    assert all((s.times < date).all() and len(s) for s in train)
    for case in cases:
        own = whole[case.customer]
        assert len(case) >= 2 and case.times[-1] >= date
        assert case.items.tolist() == own.items[:len(case)].tolist()
        assert all(len(getattr(case, name)) == len(case)
                   for name in ("times", "amounts", "orders", "returns"))
    # Every purchase is trained on, or a target, or a newcomer's first: none is both.
    newcomers = sum(s.times[0] >= date for s in sequences)
    assert sum(map(len, train)) + len(cases) + newcomers == sum(map(len, sequences))


def test_first_and_last_targets_are_ends_of_all_targets(sequences):
    every = {}
    for case in split_by_time(sequences, "2024-07-01")[1]:
        every.setdefault(case.customer, []).append(len(case))
    for which, pick in (("first", min), ("last", max)):
        cases = split_by_time(sequences, "2024-07-01", which)[1]
        assert {c.customer: len(c) for c in cases} == {n: pick(at) for n, at in every.items()}
        assert len(cases) == len(every)


def test_a_purchase_at_the_very_date_is_test():
    train, cases = split_by_time([bought("abc")], "2024-01-02")
    assert [s.items.tolist() for s in train] == [["a"]]
    assert [s.items.tolist() for s in cases] == [["a", "b"], ["a", "b", "c"]]


def test_sequences_name_what_they_cannot_use(cleaned, raw, sequences):
    with pytest.raises(ValueError, match=r"columns.*\['amount_yuan', 'returned_at'\]"):
        customer_sequences(raw)
    with pytest.raises(ValueError, match=r"min_length.*got 0"):
        customer_sequences(cleaned[0], 0)
    with pytest.raises(ValueError, match="customer"):
        customer_sequences(cleaned[0].assign(customer_id=None))
    with pytest.raises(ValueError, match=r"targets.*got 'best'"):
        split_by_time(sequences, "2024-07-01", "best")
    for date in ("2020-01-01", "2030-01-01"):
        with pytest.raises(ValueError, match="date"):
            split_by_time(sequences, date)


def test_prefixes_are_padded_in_front_and_keep_their_end():
    array = prefix_array([["a", "b", "c"], ["c"], []], ["a", "b", "c"], 2)
    assert array.tolist() == [[2, 3], [0, 3], [0, 0]]
    with pytest.raises(ValueError, match=r"'z'.*3 items"):
        prefix_array([["z"]], ["a", "b", "c"], 2)
    with pytest.raises(ValueError, match=r"length.*got 0"):
        prefix_array([["a"]], ["a"], 0)


def test_next_order_targets_by_hand():
    """Orders on days 0 (two lines), 10, 100: back within 60 days, not back, too soon to tell."""
    sequence = bought("abcd", days=[0, 0, 10, 100], amounts=[1.0, 2.0, 4.0, 8.0],
                      orders=["N1", "N1", "N2", "N3"])
    comes_back, amount = next_order_targets(sequence, 60, "2024-05-01")     # day 121
    np.testing.assert_array_equal(comes_back, [np.nan, 1, 0, np.nan])
    np.testing.assert_array_equal(amount, [np.nan, 4, 8, np.nan])
    late = next_order_targets(sequence, 60, "2024-06-09")[0]                # day 160
    assert late[3] == 0                            # the 60 days are over to the second
    assert np.isnan(next_order_targets(sequence, 60, "2024-06-08")[0][3])
    # On day 50 of a window of 60 even the quick return says nothing yet.
    early = next_order_targets(sequence.first(3), 60, "2024-02-20")[0]
    assert np.isnan(early).all()
    none = next_order_targets(sequence.first(0), 60, "2024-05-01")
    assert [len(part) for part in none] == [0, 0]
    with pytest.raises(ValueError, match="bought at"):
        next_order_targets(sequence, 60, "2024-03-01")
    with pytest.raises(ValueError, match=r"days.*got 0"):
        next_order_targets(sequence, 0, "2024-05-01")


# --- pairs and rules -----------------------------------------------------------------------


def random_sequences(seed=0, n=25):
    rng = np.random.default_rng(seed)
    return [bought(rng.choice(list("abcd"), rng.integers(1, 9), p=[0.4, 0.3, 0.2, 0.1]),
                   customer=f"U{at}") for at in range(n)]


def test_pairs_are_those_of_a_brute_force_count():
    orders = [s.items.tolist() for s in random_sequences()]
    table = item_pairs(orders).set_index(["item", "other"])
    n, seen = len(orders), 0
    for a in "abcd":
        for b in "abcd":
            both = sum(a in order and b in order for order in orders)
            if a == b or not both:
                assert (a, b) not in table.index
                continue
            with_a, with_b = (sum(x in order for order in orders) for x in (a, b))
            row, seen = table.loc[a, b], seen + 1
            assert row["orders"] == both
            assert row["support"] == pytest.approx(both / n)
            assert row["confidence"] == pytest.approx(both / with_a)
            assert row["lift"] == pytest.approx(both * n / with_a / with_b)
    assert seen == len(table) > 6
    assert table["lift"].is_monotonic_decreasing
    few = item_pairs(orders, min_orders=12)
    assert 0 < len(few) < len(table) and (few["orders"] >= 12).all()


@pytest.mark.parametrize("max_gap", [1, 3])
def test_rules_are_those_of_a_brute_force_count(max_gap):
    sequences = random_sequences(1)
    table = sequential_rules(sequences, max_gap).set_index(["item", "then"])
    windows = [(s.items[at], s.items[at + 1:at + 1 + max_gap].tolist())
               for s in sequences for at in range(len(s)) if at + max_gap < len(s)]
    for a in "abcd":
        for b in "abcd":
            after = [window.index(b) + 1 for item, window in windows if item == a and b in window]
            if not after:
                assert (a, b) not in table.index
                continue
            with_a = sum(item == a for item, _ in windows)
            base = Fraction(sum(b in window for _, window in windows), len(windows))
            row = table.loc[a, b]
            assert row["count"] == len(after)
            assert row["confidence"] == pytest.approx(len(after) / with_a)
            assert row["lift"] == pytest.approx(float(Fraction(len(after), with_a) / base))
            assert row["median_days"] == np.median(after)        # a day apart, by construction
    assert len(table) > 8
    assert (sequential_rules(sequences, max_gap, 5)["count"] >= 5).all()


def test_counting_names_what_it_cannot_use():
    with pytest.raises(ValueError, match="one order"):
        item_pairs([])
    with pytest.raises(ValueError, match=r"min_orders.*got 0"):
        item_pairs([["a"]], 0)
    with pytest.raises(ValueError, match="got 0 and 1"):
        sequential_rules(random_sequences(), 0)
    assert sequential_rules([bought("a")], 2).empty


# --- recommenders --------------------------------------------------------------------------


def test_popularity_is_the_share_of_purchases():
    scores = Popularity("abc").fit([bought("aab"), bought("a")]).scores([["a"], []])
    np.testing.assert_allclose(scores, [[0.75, 0.25, 0]] * 2)


def test_a_first_order_chain_by_hand():
    """a is followed by b, b, c; with weight 1 on popularity (a 4, b 2, c 2 of 8)."""
    chain = MarkovChain("abc", smoothing=1).fit([bought("abab"), bought("ac"), bought("ca")])
    scores = chain.scores([["a"], ["b", "a"], ["c"], []])
    popularity = np.array([4, 2, 2]) / 8
    np.testing.assert_allclose(scores[0], (np.array([0, 2, 1]) + popularity) / 4)
    np.testing.assert_allclose(scores[1], scores[0])
    np.testing.assert_allclose(scores[2], (np.array([1, 0, 0]) + popularity) / 2)
    np.testing.assert_allclose(scores[3], popularity)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_chains_are_the_recursive_formula_and_sum_to_one(order):
    sequences, alpha = random_sequences(2), 2.5
    chain = MarkovChain("abcd", order, alpha).fit(sequences)

    def probability(context, item):
        if not context:
            return np.mean([i == item for s in sequences for i in s.items])
        follows = [s.items[at + len(context)] for s in sequences
                   for at in range(len(s) - len(context))
                   if s.items[at:at + len(context)].tolist() == list(context)]
        shorter = probability(context[1:], item)
        return (sum(i == item for i in follows) + alpha * shorter) / (len(follows) + alpha)

    prefixes = [list("abca"), list("dd"), ["c"], [], list("dddd")]
    expected = [[probability(p[-order:], item) for item in "abcd"] for p in prefixes]
    np.testing.assert_allclose(chain.scores(prefixes), expected)
    np.testing.assert_allclose(chain.scores(prefixes).sum(axis=1), 1)


def test_recommenders_refit_and_leave_popularity_as_it_was():
    chain = MarkovChain("ab").fit([bought("abab")])
    first = chain.scores([["a"]])
    np.testing.assert_array_equal(chain.scores([["a"]]), first)
    chain.fit([bought("aa")])
    np.testing.assert_allclose(chain.scores([["a"], ["b"]]), [[1, 0], [1, 0]])


def test_recommenders_name_what_they_cannot_use():
    with pytest.raises(ValueError, match=r"MarkovChain.*fit"):
        MarkovChain("ab").scores([["a"]])
    with pytest.raises(ValueError, match="order"):
        MarkovChain("ab", order=0)
    with pytest.raises(ValueError, match=r"smoothing.*got 1 and 0"):
        MarkovChain("ab", smoothing=0)
    with pytest.raises(ValueError, match=r"once.*got 3.*2"):
        Popularity("aba")
    with pytest.raises(ValueError, match=r"'z'.*2"):
        Popularity("ab").fit([bought("az")])
    with pytest.raises(ValueError, match="one purchase"):
        Popularity("ab").fit([])


# --- ranking -------------------------------------------------------------------------------


def test_ranks_are_those_of_a_sort_that_puts_the_target_last_among_equals():
    rng = np.random.default_rng(0)
    scores, targets = rng.integers(0, 4, (50, 7)).astype(float), rng.integers(0, 7, 50)
    ranks = []
    for row, target in zip(scores, targets, strict=True):
        order = sorted(range(7), key=lambda at: (-row[at], at == target))
        ranks.append(order.index(target) + 1)
    assert target_ranks(scores, targets).tolist() == ranks
    for k in (1, 3, 7):
        assert hit_rate(scores, targets, k) == pytest.approx(np.mean([r <= k for r in ranks]))
    assert mean_reciprocal_rank(scores, targets) == pytest.approx(np.mean([1 / r for r in ranks]))


def test_ranking_by_hand():
    scores = [[0.1, 0.7, 0.2], [0.1, 0.7, 0.2], [0.1, 0.7, 0.2], [1, 1, 1]]
    targets = [1, 2, 0, 0]                              # ranks 1, 2, 3 and, tied, 3
    assert hit_rate(scores, targets, 2) == 0.5
    assert mean_reciprocal_rank(scores, targets) == pytest.approx((1 + 1 / 2 + 2 / 3) / 4)


@pytest.mark.parametrize(("scores", "targets", "message"), [
    ([[1.0, 2.0]], [0, 1], r"got \(1, 2\) and \(2,\)"),
    ([1.0, 2.0], [0], r"got \(2,\)"),
    (np.zeros((0, 3)), [], "one sample"),
    ([[np.nan, 1.0]], [1], "1 .*NaN"),
    ([[1.0, 2.0]], [2], "0 to 1.*got 2"),
    ([[1.0, 2.0]], [-1], "got -1"),
    ([[1.0, 2.0]], [0.5], "integer.*got float64"),
])
def test_ranking_names_what_it_cannot_use(scores, targets, message):
    with pytest.raises(ValueError, match=message):
        mean_reciprocal_rank(scores, targets)
    with pytest.raises(ValueError, match=r"k .*got 0"):
        hit_rate(scores, targets, 0)
