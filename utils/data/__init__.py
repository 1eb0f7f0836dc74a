"""Data sets: what there is, where it comes from, and one loader for each.

Nothing is downloaded by an import or by a loader; `python -m utils.data fetch NAME` does it.
"""

from utils.data.errors import DataError
from utils.data.sales import clean_sales, load_sales, load_sales_limit, load_sales_plan

__all__ = [
    "DataError",
    "clean_sales",
    "load_sales",
    "load_sales_limit",
    "load_sales_plan",
]
