"""What `save` of a vocabulary or an alphabet wrote, read back and checked."""

import json
from pathlib import Path

__all__ = ["load_stored"]


def load_stored(path, made_by, form, make):
    """Return `make(content)` of a JSON file (UTF-8) whose "format" is `form`.

    Args:
        path: of the file.
        made_by: name of the class that saved it, for the message.
        form: such as "vocabulary 1".
        make: function of the file's dictionary.

    Raises:
        ValueError: if the file is no such thing.
        OSError: if it cannot be read.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if content["format"] != form:
            raise KeyError("format")
        return make(content)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is not what {made_by}.save wrote ({type(error).__name__}): make it anew with "
            "fit and save.") from None
