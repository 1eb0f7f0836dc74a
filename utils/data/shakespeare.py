"""1,115,394 characters of Shakespeare's plays, as character models are compared on."""

from .errors import DataError
from .fetching.download import sha256_of
from .fetching.registry import data_set
from .fetching.store import need_file

__all__ = ["load_shakespeare"]


def load_shakespeare():
    """Return the text of tiny Shakespeare, one string of 1,115,394 characters, all ASCII.

    Comparisons take the first 90 % of it for training and the rest for validation.

    Raises:
        DataError: if it is not there (in full mode it is fetched), or another file than the
            official one.
    """
    path = need_file("tinyshakespeare", "input.txt")
    if sha256_of(path) != data_set("tinyshakespeare").files[0].sha256:
        raise DataError(f"{path} is not the official file (its SHA-256 differs): delete it and "
                        "run `python -m utils data fetch tinyshakespeare`.")
    # Bytes, because reading as text would change line ends on some systems.
    return path.read_bytes().decode("ascii")
