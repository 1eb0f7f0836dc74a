"""50,000 film reviews with their sentiment (Maas et al. 2011), in the official layout."""

import re
import tarfile
import zlib
from pathlib import Path

import pandas as pd

from .errors import DataError
from .fetching.store import need_file

__all__ = ["load_imdb", "read_imdb"]

# aclImdb/train/pos/127_9.txt: review 127, 9 stars. The unlabelled part, unsup, is left alone.
_MEMBER = re.compile(r"(?:^|/)(train|test)/(pos|neg)/(\d+)_(\d+)\.txt$")


def load_imdb():
    """Return the reviews, read from the official archive or from what it unpacks to.

    Returns:
        DataFrame with `split` ("train" or "test", 25,000 each), `label` (1 good, 0 bad),
        `rating` (1-4 or 7-10 stars), `id` (number in the split and label) and `text` (as
        written, HTML breaks included), in order of split, label and id.

    Raises:
        DataError: if it is not there (in full mode it is fetched), or not what it should be.
    """
    return read_imdb(need_file("imdb", "aclImdb_v1.tar.gz"))


def read_imdb(path):
    """Return the reviews of an archive (.tar.gz or .tar) or folder; see `load_imdb`.

    Raises:
        DataError: if it is broken, not UTF-8, or lacks a label of a split.
    """
    path = Path(path)
    if not path.exists():
        raise DataError(f"{path} is not there: run `python -m utils data fetch imdb`.")
    rows = []
    for name, content in (_from_folder if path.is_dir() else _from_archive)(path):
        split, folder, number, rating = _MEMBER.search(name).groups()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise DataError(f"{name} of {path} is not UTF-8: the official files are, so fetch "
                            "them again.") from None
        rows.append((split, int(folder == "pos"), int(rating), int(number), text))
    table = pd.DataFrame(rows, columns=["split", "label", "rating", "id", "text"])
    counts = table.groupby(["split", "label"]).size()
    for split in ("train", "test"):
        for label, folder in ((1, "pos"), (0, "neg")):
            if (split, label) not in counts:
                raise DataError(f"{path} has no review in {split}/{folder}: it is incomplete or "
                                "not in the official layout, so fetch it again.")
    table = table.sort_values(["split", "label", "id"], ascending=[False, True, True])
    return table.reset_index(drop=True)


def _from_folder(folder):
    for split in ("train", "test"):
        for label in ("pos", "neg"):
            for path in (folder / split / label).glob("*.txt"):
                name = f"{split}/{label}/{path.name}"
                if _MEMBER.search(name):
                    yield name, path.read_bytes()


def _from_archive(path):
    try:
        with tarfile.open(path) as whole:
            for member in whole:
                if member.isfile() and _MEMBER.search(member.name):
                    yield member.name, whole.extractfile(member).read()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise DataError(f"{path} is broken or no archive ({type(error).__name__}): delete it and "
                        "run `python -m utils data fetch imdb`.") from None
