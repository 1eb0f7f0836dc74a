"""Clean the shop's table of orders, and keep account of every row touched."""

import unicodedata
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..data.transactions import load_items

__all__ = ["clean_transactions"]

COLUMNS = ["order_id", "line", "customer_id", "time", "item_code", "quantity",
           "unit_price_yuan", "status"]
STATUSES = ("paid", "cancelled", "returned")
TIME_FORMAT = "%Y-%m-%d %H:%M"
FEN_FROM = 20               # a price so many times the list price is in fen, 100 to the yuan


@dataclass
class CleaningReport:
    """What a cleaning did, step by step: `steps` holds (reason, action, row labels)."""

    n_rows: int
    steps: list = field(default_factory=list)

    def rows(self, reason, action=None):
        """Return the labels of the rows touched for `reason`, by either action if None.

        Raises:
            ValueError: for a reason that no step has.
        """
        found = [labels for name, what, labels in self.steps
                 if name == reason and action in (None, what)]
        if not found:
            raise ValueError(f"no step is called {reason!r} with action {action!r}; the reasons "
                             f"are {list(dict.fromkeys(step[0] for step in self.steps))}.")
        return found[0].append(found[1:])

    @property
    def table(self):
        """One row per step, in order: `reason`, `action`, `rows`, and rows `left` after it."""
        table = pd.DataFrame([(reason, action, len(labels))
                              for reason, action, labels in self.steps],
                             columns=["reason", "action", "rows"])
        dropped = table["rows"].where(table["action"] == "dropped", 0)
        return table.assign(left=self.n_rows - dropped.cumsum())

    def _add(self, reason, action, rows, mask):
        self.steps.append((reason, action, rows.index[mask]))

    def _drop(self, rows, mask, reason):
        self._add(reason, "dropped", rows, mask)
        return rows[~mask]


def _tidy_code(code):
    """Return " ｐ4" as "P004": full-width letters, case, spaces and lost zeros mended."""
    code = "".join(unicodedata.normalize("NFKC", code).split()).upper()
    return code[0] + code[1:].zfill(3) if code[1:].isdecimal() else code


def _from_order(values, rows):
    """Return the first known of `values` among the purchases of each row's order."""
    purchases = values.where(rows["quantity"] > 0)
    return purchases.groupby(rows["order_id"]).transform("first")


def _checked(table):
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise ValueError(f"clean_transactions needs the columns {missing}, "
                         f"got {list(table.columns)}.")
    if not len(table):
        raise ValueError("clean_transactions got a table without rows; load it with "
                         "load_transactions().")
    if not table.index.is_unique:
        raise ValueError("The table's row labels repeat, so no report could name a row: call "
                         "reset_index(drop=True) first.")
    rows = table[COLUMNS].fillna("").astype(str).apply(lambda column: column.str.strip())
    unknown = sorted(set(rows["status"]) - set(STATUSES))
    if unknown:
        raise ValueError(f"Unknown statuses {unknown}: the shop writes {list(STATUSES)}.")
    return rows


def clean_transactions(table, items=None, first="2023-01-01", last="2024-12-31"):
    """Drop or mend the documented faults of `load_transactions()`.

    In this order: repeated rows and cancelled orders are dropped; item codes are brought into
    one spelling, codes that the catalogue lacks and rows with an unreadable number dropped; an
    impossible time and a missing customer are taken from another row of the same order, else
    the row is dropped; prices in fen are divided by 100; returns are dropped, and the purchase
    that came back gets the time at which it did.

    Args:
        table: what `load_transactions` returns, or rows of it; it is not changed.
        items: the catalogue, as `load_items` returns it (the default).
        first, last: the days that the export covers; other times are impossible.

    Returns:
        (clean, report). `clean` has one row per purchase, labelled as in `table` and sorted by
        time: `order_id`, `line`, `customer_id`, `time` (datetime), `item_code`, `quantity`,
        `unit_price_yuan`, `amount_yuan` and `returned_at` (NaT if the goods were kept; known
        only from then on). `report` is a `CleaningReport`; rows dropped and rows of `clean`
        add up to the rows of `table`.

    Raises:
        DataError: if the catalogue is asked for and missing.
        ValueError: for a missing column, an unknown status, no rows, or repeated row labels.
    """
    rows, report = _checked(table), CleaningReport(len(table))
    items = load_items() if items is None else items
    # Compared as they lie: " P004" and "P004" are two spellings, not one row twice.
    rows = report._drop(rows, table.duplicated(COLUMNS), "repeated row")
    rows = report._drop(rows, rows["status"] == "cancelled", "cancelled")

    tidy = rows["item_code"].map(_tidy_code)
    known = tidy.isin(items.index)
    report._add("odd item code", "mended", rows, known & (tidy != table["item_code"][rows.index]))
    rows = report._drop(rows.assign(item_code=tidy), ~known, "unknown item")

    numbers = rows[["line", "quantity", "unit_price_yuan"]].apply(pd.to_numeric, errors="coerce")
    readable = (np.isfinite(numbers).all(axis=1) & (numbers["quantity"] != 0)
                & (numbers["unit_price_yuan"] > 0))
    rows = report._drop(rows.assign(**numbers), ~readable, "unreadable number")
    rows = rows.astype({"line": int, "quantity": int})

    time = pd.to_datetime(rows["time"], format=TIME_FORMAT, errors="coerce")
    end = pd.Timestamp(last) + pd.Timedelta(days=1)
    time = time.where((time >= pd.Timestamp(first)) & (time < end))
    # A return happens later than its order, so no other row tells its time.
    filled = time.fillna(_from_order(time, rows).where(rows["quantity"] > 0))
    report._add("impossible time", "mended", rows, time.isna() & filled.notna())
    rows = report._drop(rows.assign(time=filled), filled.isna(), "impossible time")

    customer = rows["customer_id"].replace("", np.nan)
    filled = customer.fillna(_from_order(customer, rows))
    report._add("missing customer", "mended", rows, customer.isna() & filled.notna())
    rows = report._drop(rows.assign(customer_id=filled), filled.isna(), "missing customer")

    price, list_price = rows["unit_price_yuan"], rows["item_code"].map(items["list_price_yuan"])
    in_fen = price > FEN_FROM * list_price
    report._add("price in fen", "mended", rows, in_fen)
    rows = rows.assign(unit_price_yuan=price.where(~in_fen, price / 100))

    back = rows["quantity"] < 0
    key = ["order_id", "line", "item_code"]
    returned_at = rows[back].groupby(key)["time"].min().rename("returned_at")
    rows = report._drop(rows, back, "return").join(returned_at, on=key)
    rows = rows.assign(amount_yuan=(rows["quantity"] * rows["unit_price_yuan"]).round(2))
    rows = rows.sort_values(["time", "order_id", "line"], kind="stable")
    return rows[[*COLUMNS[:-1], "amount_yuan", "returned_at"]], report
