"""The course's own daily sales of five shops; see datasets/sales/README.md for the card."""

from pathlib import Path

import pandas as pd

from .errors import DataError

__all__ = ["clean_sales", "load_sales", "load_sales_limit", "load_sales_plan"]

_FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "sales"


def _read(name, **options):
    path = _FOLDER / name
    if not path.is_file():
        raise DataError(f"{path} is missing: run `python datasets/sales/make_sales.py`, "
                        "which writes it anew.")
    # keep_default_na: a plain day's empty holiday stays "" and does not become NaN.
    return pd.read_csv(path, parse_dates=["date"], keep_default_na=False,
                       encoding="utf-8", **options)


def load_sales():
    """Return the till's file as it is, faults included: one row per shop and recorded day.

    Returns:
        DataFrame, oldest first, with `date` (datetime), `shop` (code, spelled as the till
        wrote it), `sales` (units a day; negative where a return was booked), `discount`
        (percent off, 0 without a promotion), `holiday` (name, "" on plain days) and
        `sold_out` (1 where the shelf was empty at closing: demand was at least `sales`).

    Raises:
        DataError: if the file is missing.

    Example:
        >>> load_sales().columns.tolist()
        ['date', 'shop', 'sales', 'discount', 'holiday', 'sold_out']
    """
    return _read("sales.csv")


def load_sales_plan():
    """Return what is known in advance of every day, those missing from the file included.

    Returns:
        DataFrame indexed by date (daily, no gap): `holiday` (name, "" on plain days), then
        one column per shop with its discount in percent.

    Raises:
        DataError: if the file is missing.

    Example:
        >>> load_sales_plan().loc["2021-10-01", "holiday"]
        'national_day'
    """
    return _read("plan.csv").set_index("date").asfreq("D")


def load_sales_limit():
    """Return the best possible forecasts of 2024, which only the simulator can know.

    Each is the median of the day's sales given every hidden state and the stock of the
    evening before: no forecast has a lower mean absolute error on average. It is a
    yardstick, never an input.

    Returns:
        DataFrame indexed by date (366 days), one column per shop, units a day.

    Raises:
        DataError: if the file is missing.

    Example:
        >>> load_sales_limit().shape
        (366, 5)
    """
    return _read("limit.csv").set_index("date").asfreq("D")


def clean_sales(raw=None):
    """Undo the documented faults and lay the days out without gaps.

    Shop codes are stripped and lower-cased; repeated rows and booked returns (negative
    sales) dropped; sales above six times the shop's median are typing errors and become
    NaN, as are the days that no row tells of. Nothing is filled in: that choice is yours.

    Args:
        raw: what `load_sales` returns (the default); it is not changed.

    Returns:
        DataFrame with (shop, date) in order, one row for every shop and day: `date`, `shop`,
        `sales` (float, units a day, NaN where unknown), `discount`, `holiday` and `sold_out`
        (0 where the day is missing).

    Raises:
        DataError: if a file is missing.
        ValueError: if `raw` lacks a column or holds an unknown shop.

    Example:
        >>> days = clean_sales()
        >>> len(days), int(days["sales"].isna().sum())
        (7305, 95)
    """
    rows = load_sales() if raw is None else raw
    needed = {"date", "shop", "sales", "sold_out"}
    if not needed <= set(rows.columns):
        missing = sorted(needed - set(rows.columns))
        raise ValueError(f"clean_sales needs the columns {missing}, got {list(rows.columns)}.")
    plan = load_sales_plan()
    shops = plan.columns.drop("holiday")
    rows = rows.assign(shop=rows["shop"].str.strip().str.lower())
    unknown = sorted(set(rows["shop"]) - set(shops))
    if unknown:
        raise ValueError(f"Unknown shops {unknown}: the plan knows {list(shops)}.")
    rows = rows[rows["sales"] >= 0].drop_duplicates(["date", "shop"])
    limit = 6 * rows.groupby("shop")["sales"].transform("median")
    rows = rows.assign(sales=rows["sales"].astype(float).where(rows["sales"] <= limit))

    parts = []
    for shop in shops:
        days = rows[rows["shop"] == shop].set_index("date")[["sales", "sold_out"]]
        days = days.reindex(plan.index)
        days["sold_out"] = days["sold_out"].fillna(0).astype(int)
        days.insert(0, "shop", shop)
        days.insert(2, "discount", plan[shop])
        days.insert(3, "holiday", plan["holiday"])
        parts.append(days.reset_index())
    return pd.concat(parts, ignore_index=True)
