"""Per-customer sequences of purchases, their split by time, and what comes next."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["Sequence", "customer_sequences", "next_order_targets", "prefix_array",
           "split_by_time"]


@dataclass(frozen=True, eq=False)
class Sequence:
    """One customer's purchases, oldest first; each field but `customer` is (purchases,).

    Attributes:
        customer: id.
        items: item codes.
        times: datetime64[s]; the purchases of one order share theirs.
        amounts: quantity times price, yuan.
        orders: ids of the orders.
        returns: how many goods the customer had brought back by that time.
    """

    customer: str
    items: np.ndarray
    times: np.ndarray
    amounts: np.ndarray
    orders: np.ndarray
    returns: np.ndarray

    def __len__(self):
        return len(self.items)

    def first(self, n):
        """Return the sequence of the first `n` purchases."""
        return Sequence(self.customer, self.items[:n], self.times[:n], self.amounts[:n],
                        self.orders[:n], self.returns[:n])


def customer_sequences(clean, min_length=1):
    """Lay the table out by customer.

    Args:
        clean: what `clean_transactions` returns first, or rows of it in any order.
        min_length: customers with fewer purchases are left out, >= 1.

    Returns:
        List of `Sequence`, by customer id; within a sequence purchases lie by time, order and
        line.

    Raises:
        ValueError: if `min_length` is below 1, a column is missing or a time unknown.
    """
    needed = ["customer_id", "order_id", "line", "time", "item_code", "amount_yuan",
              "returned_at"]
    missing = [name for name in needed if name not in clean.columns]
    if missing:
        raise ValueError(f"customer_sequences needs the columns {missing}: give it what "
                         "clean_transactions returns.")
    if min_length < 1:
        raise ValueError(f"min_length must be at least 1, got {min_length}.")
    if clean[["customer_id", "time"]].isna().any(axis=None):
        raise ValueError("customer_sequences found rows without a customer or a time: clean "
                         "the table with clean_transactions first.")
    rows = clean.sort_values(["customer_id", "time", "order_id", "line"], kind="stable")
    sequences = []
    for customer, own in rows.groupby("customer_id", sort=True):
        if len(own) < min_length:
            continue
        times = own["time"].to_numpy("datetime64[s]")
        back = np.sort(own["returned_at"].dropna().to_numpy("datetime64[s]"))
        sequences.append(Sequence(
            customer, own["item_code"].to_numpy(object), times,
            own["amount_yuan"].to_numpy(float), own["order_id"].to_numpy(object),
            np.searchsorted(back, times, side="right")))
    return sequences


def split_by_time(sequences, date, targets="all"):
    """Split at a date: training knows nothing later, a test case nothing after its target.

    Args:
        sequences: list of `Sequence`.
        date: anything `pandas.Timestamp` reads; purchases from then on are test.
        targets: which of a customer's purchases from then on to predict: "all" (each from all
            before it, also those since the date), "first" or "last".

    Returns:
        (train, cases): two lists of `Sequence`. `train` holds what each customer bought before
        `date`. The last purchase of a case is the target, the others (at least one) the past.

    Raises:
        ValueError: for another `targets`, or if nothing lies on one side of the date.
    """
    if targets not in ("all", "first", "last"):
        raise ValueError(f"targets must be 'all', 'first' or 'last', got {targets!r}.")
    date = np.datetime64(pd.Timestamp(date), "s")
    train, cases = [], []
    for sequence in sequences:
        n_before = int(np.searchsorted(sequence.times, date))
        if n_before:
            train.append(sequence.first(n_before))
        positions = range(max(n_before, 1), len(sequence))
        if targets != "all":
            positions = positions[:1] if targets == "first" else positions[-1:]
        cases += [sequence.first(position + 1) for position in positions]
    if not train or not cases:
        raise ValueError(f"Splitting at {date} leaves {len(train)} training sequences and "
                         f"{len(cases)} test cases: choose a date inside the data.")
    return train, cases


def prefix_array(prefixes, items, length):
    """Return the last `length` items of each prefix as numbers, padded on the left with 0.

    Args:
        prefixes: list of sequences of item codes.
        items: the codes that are known, in the order of their numbers 1, 2, ...
        length: of the rows, >= 1; earlier items are cut off.

    Returns:
        (prefixes, length), int32.

    Raises:
        ValueError: if `length` is below 1 or an item is unknown.

    Example:
        >>> prefix_array([["K001", "K005"], ["K005"]], ["K001", "K005"], 3)
        array([[0, 1, 2],
               [0, 0, 2]], dtype=int32)
    """
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}.")
    numbers = {item: number for number, item in enumerate(items, start=1)}
    out = np.zeros((len(prefixes), length), np.int32)
    for row, prefix in zip(out, prefixes, strict=True):
        try:
            known = [numbers[item] for item in prefix[-length:]]
        except KeyError as unknown:
            raise ValueError(f"Item {unknown} is not among the {len(numbers)} items "
                             "given.") from None
        row[length - len(known):] = known
    return out


def next_order_targets(sequence, days, end):
    """Return what happens after each order: does the customer come back, and for how much?

    Only the last purchase of an order has targets; the others have NaN. `comes_back` is also
    NaN where `end` came too soon to tell: to keep those who were quick would make everybody
    look loyal.

    Args:
        sequence: `Sequence`, cut where the data end.
        days: within which the next order counts, > 0.
        end: when the data end: anything `pandas.Timestamp` reads.

    Returns:
        (comes_back, next_amount), each (purchases,) float: 1 or 0, and yuan of the whole next
        order (NaN if there is none).

    Raises:
        ValueError: if `days` is not positive or a purchase lies after `end`.
    """
    if not days > 0:
        raise ValueError(f"days must be positive, got {days}.")
    end = np.datetime64(pd.Timestamp(end), "s")
    if len(sequence) and sequence.times[-1] > end:
        raise ValueError(f"The data end at {end}, but {sequence.customer} bought at "
                         f"{sequence.times[-1]}: cut the sequences with split_by_time first.")
    comes_back, next_amount = np.full((2, len(sequence)), np.nan)
    if not len(sequence):
        return comes_back, next_amount
    new = sequence.orders[1:] != sequence.orders[:-1]
    last = np.append(np.flatnonzero(new), len(sequence) - 1)       # purchase of each order
    times, within = sequence.times[last], np.timedelta64(round(86400 * days), "s")
    in_time = np.append(np.diff(times) <= within, False)           # nothing after the last order
    comes_back[last] = np.where(times + within <= end, in_time, np.nan)
    sums = np.add.reduceat(sequence.amounts, np.append(0, last[:-1] + 1))
    next_amount[last[:-1]] = sums[1:]
    return comes_back, next_amount
