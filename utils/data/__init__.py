"""Data sets: what there is, where it comes from, and one loader for each.

An import downloads nothing, and neither does a loader in quick mode: the command
`python -m utils data fetch NAME` does. See `python -m utils data list`.
"""

from .cache import cache_error, cache_folder
from .chnsenticorp import load_chnsenticorp
from .corpus import load_corpus, python_sources
from .errors import BadArchive, DataError
from .fetching.registry import REGISTRY, data_set
from .fetching.store import fetch_data_set, find_file, folder_of, need_file, verify_data_set
from .imdb import load_imdb, read_imdb
from .labelled import read_labelled
from .memory_tasks import PREDICT_THE_MEAN, adding_problem, copy_task, random_guess
from .negation import load_negation
from .reviews import load_reviews
from .sales import clean_sales, load_sales, load_sales_limit, load_sales_plan
from .series import (
    load_airline_passengers,
    load_co2,
    load_elnino,
    load_min_temperatures,
    load_monthly_sunspots,
    load_sunspots,
)
from .shakespeare import load_shakespeare
from .tieba import load_tieba
from .transactions import load_items, load_transaction_faults, load_transactions

__all__ = [
    "PREDICT_THE_MEAN", "REGISTRY", "BadArchive", "DataError", "adding_problem", "cache_error",
    "cache_folder", "clean_sales", "copy_task", "data_set", "fetch_data_set", "find_file",
    "folder_of", "load_airline_passengers", "load_chnsenticorp", "load_co2", "load_corpus",
    "load_elnino", "load_imdb", "load_items", "load_min_temperatures", "load_monthly_sunspots",
    "load_negation", "load_reviews", "load_sales", "load_sales_limit", "load_sales_plan",
    "load_shakespeare", "load_sunspots", "load_tieba", "load_transaction_faults",
    "load_transactions", "need_file", "python_sources", "random_guess", "read_imdb",
    "read_labelled", "verify_data_set",
]
