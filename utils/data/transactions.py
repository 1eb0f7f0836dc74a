"""The course's own shop orders; see datasets/transactions/README.md for the card."""

from pathlib import Path

import pandas as pd

from .errors import DataError

__all__ = ["load_items", "load_transaction_faults", "load_transactions"]

_FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "transactions"


def _read(name, columns):
    path = _FOLDER / name
    if not path.is_file():
        raise DataError(f"{path} is missing: run `python datasets/transactions/"
                        "make_transactions.py`, which writes it anew.")
    # All text, and "" stays "": what is missing or mistyped is the learner's to find.
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise DataError(f"{path} lacks the columns {missing}: run `python datasets/transactions/"
                        "make_transactions.py`, which writes it anew.")
    return table


def load_transactions():
    """Return the shop's export as it lies: one row per line of an order, faults included.

    Returns:
        DataFrame of text, in the order of the file: `order_id`, `line` (of the order, from 1),
        `customer_id` ("" where it was lost), `time`, `item_code`, `quantity` (negative where
        goods came back), `unit_price_yuan` and `status` (paid, cancelled or returned).

    Raises:
        DataError: if the file is missing or lacks a column.

    Example:
        >>> sorted(load_transactions()["status"].unique())
        ['cancelled', 'paid', 'returned']
    """
    return _read("transactions.csv", ("order_id", "line", "customer_id", "time", "item_code",
                                      "quantity", "unit_price_yuan", "status"))


def load_items():
    """Return the catalogue, one row per item, in both languages.

    Returns:
        DataFrame indexed by `item_code`: `name_en`, `name_zh` and `list_price_yuan` (float).

    Raises:
        DataError: if the file is missing or lacks a column.

    Example:
        >>> load_items().loc["P003", "name_zh"]
        '黑色墨水'
    """
    columns = ("item_code", "name_en", "name_zh", "list_price_yuan")
    return _read("items.csv", columns).set_index("item_code").astype({"list_price_yuan": float})


def load_transaction_faults():
    """Return what was planted where in the export: the key to score a cleaning by.

    Returns:
        DataFrame indexed by `row` (the row of `load_transactions`, from 0): `fault` (see the
        card) and `true_value` of the field that was spoiled ("" if there is none).

    Raises:
        DataError: if the file is missing or lacks a column.
    """
    faults = _read("faults.csv", ("row", "fault", "true_value"))
    return faults.astype({"row": int}).set_index("row")
