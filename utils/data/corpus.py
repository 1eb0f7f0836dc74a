"""Text for a model that writes: the reader's own files, or Python's own library."""

import re
import sysconfig
import tokenize
from collections import namedtuple
from pathlib import Path

from ..normalising import normalise
from .encoding import decode_file
from .errors import DataError

__all__ = ["load_corpus", "python_sources"]

# Folders of the library that hold tests or other people's packages.
_LEFT_OUT = {"__pycache__", "dist-packages", "idle_test", "site-packages", "test", "tests"}
# Control characters that no text has: all but tab, line ends, form feed and escape.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Corpus(namedtuple("Corpus", "names texts notes")):
    """Texts and where they are from.

    Attributes:
        names: file names, below the folder that was read.
        texts: strings, one per file; every line ends in a line feed alone.
        notes: sentences about what was mended.
    """

    __slots__ = ()

    @property
    def text(self):
        """All texts as one string, a line end after each that lacks it."""
        return "".join(text if text.endswith("\n") else text + "\n" for text in self.texts)


def load_corpus(path, pattern="*.txt"):
    """Return the reader's own text: of one file, or of a folder's files.

    UTF-8 with or without a byte-order mark, UTF-16 and UTF-32 with one and GBK are read; line
    ends of other systems become line feeds.

    Args:
        path: of a file, or of a folder, which is searched with the folders in it.
        pattern: which of a folder's files to read; one whose path has a dot in front is not.

    Returns:
        `Corpus` (names, texts, notes), by name; `.text` joins the texts.

    Raises:
        DataError: if the path cannot be read, no file fits, one is no text or in another
            encoding, or all are empty.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(file for file in path.rglob(pattern) if file.is_file() and not any(
            part.startswith(".") for part in file.relative_to(path).parts))
        if not files:
            raise DataError(f"{path} has no file that fits {pattern!r}: put text files there, "
                            "or say with pattern which to read.")
        names = [file.relative_to(path).as_posix() for file in files]
    else:
        files, names = [path], [path.name]
    texts, notes = [], []
    for file in files:
        text, said = _read(file)
        texts.append(text)
        notes += said
    if not any(normalise(line) for text in texts for line in text.split("\n")):
        what = "its file is" if len(files) == 1 else f"all of its {len(files)} files are"
        raise DataError(f"{path} holds no text, {what} empty: write something into it.")
    return Corpus(names, texts, notes)


def python_sources(folder=None):
    """Return the sources of the running Python's standard library, its tests left out.

    Some ten million characters, on every machine, under the PSF licence; versions differ.

    Args:
        folder: where the library is; None for the running interpreter's.

    Returns:
        `Corpus` (names, texts, notes), by name.

    Raises:
        DataError: if there are no sources, as in some trimmed installations.
    """
    folder = Path(folder or sysconfig.get_paths()["stdlib"])
    names, texts, notes = [], [], []
    for file in sorted(folder.rglob("*.py")):
        inside = file.relative_to(folder)
        if _LEFT_OUT.intersection(inside.parts):
            continue
        try:
            with tokenize.open(file) as source:     # as the source itself declares its encoding
                texts.append(source.read())
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            notes.append(f"{inside.as_posix()} was left out ({type(error).__name__}).")
            continue
        names.append(inside.as_posix())
    if not any(texts):
        raise DataError(f"{folder} holds no Python sources: use another installation, or "
                        "load_corpus with a folder of your own.")
    return Corpus(names, texts, notes)


def _read(path):
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): is the path right?") from None
    text, notes = decode_file(content, path)
    if found := _CONTROL.search(text):
        raise DataError(f"{path} is no text, it holds the control character {found[0]!r}: name "
                        "text files, saved as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes
