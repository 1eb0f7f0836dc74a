"""Downloads: the registry of data sets, the store they lie in, how they come there."""

from .registry import REGISTRY, DataSet, RemoteFile, data_set
from .store import fetch_data_set, find_file, folder_of, need_file, verify_data_set

__all__ = [
    "REGISTRY", "DataSet", "RemoteFile", "data_set", "fetch_data_set", "find_file", "folder_of",
    "need_file", "verify_data_set",
]
