"""Chinese hotel reviews with their sentiment (ChnSentiCorp)."""

from .fetching.store import need_file
from .labelled import read_labelled

__all__ = ["load_chnsenticorp"]


def load_chnsenticorp():
    """Return the hotel reviews: 5,322 good ones, then 2,443 bad ones.

    One of the official file's 7,766 rows is empty and is left out, which `attrs["notes"]`
    says. There is no official split: `utils.text.stratified_split` makes one.

    Returns:
        DataFrame with `label` (1 good, 0 bad) and `text`.

    Raises:
        DataError: if the file is not there, or not what it should be (see `read_labelled`).
    """
    return read_labelled(need_file("chnsenticorp", "ChnSentiCorp_htl_all.csv"), text="review")
