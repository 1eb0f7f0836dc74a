"""Data sets: what there is, where it comes from, and one loader for each.

An import downloads nothing, and neither does a loader in quick mode: the command
`python -m utils.data fetch NAME` does. See `python -m utils.data list`.
"""

from utils.data.errors import BadArchive, DataError
from utils.data.registry import REGISTRY, DataSet, RemoteFile, data_set
from utils.data.sales import clean_sales, load_sales, load_sales_limit, load_sales_plan
from utils.data.series import (
    load_airline_passengers,
    load_co2,
    load_elnino,
    load_min_temperatures,
    load_monthly_sunspots,
    load_sunspots,
)
from utils.data.store import fetch_data_set, find_file, need_file, verify_data_set
from utils.data.transactions import load_items, load_transaction_faults, load_transactions

__all__ = [
    "REGISTRY",
    "BadArchive",
    "DataError",
    "DataSet",
    "RemoteFile",
    "clean_sales",
    "data_set",
    "fetch_data_set",
    "find_file",
    "load_airline_passengers",
    "load_co2",
    "load_elnino",
    "load_items",
    "load_min_temperatures",
    "load_monthly_sunspots",
    "load_sales",
    "load_sales_limit",
    "load_sales_plan",
    "load_sunspots",
    "load_transaction_faults",
    "load_transactions",
    "need_file",
    "verify_data_set",
]
