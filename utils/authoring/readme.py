"""README's table of lessons: headings and minutes from solutions/, the rest from README."""

import re
from pathlib import Path

import nbformat

from .lessons import notebooks_in
from .text import number_of

__all__ = ["END", "START", "readme_text", "title_of"]

START = "<!-- lessons: made by `make lessons` -->"
END = "<!-- end of lessons -->"
MINUTES = re.compile(r"\babout (\d+) minutes to read\b")
HEADING = re.compile(r"# \w+ · ([^\n\u3400-\u9fff]+)")
HEAD = ["| lesson | what you will be able to do | minutes |", "| --- | --- | ---: |"]


def title_of(path):
    """Return what the title cell of the notebook `path` says: its heading, its minutes.

    The heading is without the lesson's number and without Chinese.

    Raises:
        ValueError: unless its first cell begins as "# 05 · LSTM" does, and says "about N minutes
            to read", once.
    """
    text = nbformat.read(path, as_version=4).cells[0].source
    heading, minutes = HEADING.match(text), MINUTES.findall(" ".join(text.split()))
    if not heading or len(minutes) != 1:
        raise ValueError(f'{path}: its first cell must begin as "# 05 · LSTM" does, and say '
                         '"about N minutes to read", once.')
    return heading[1].strip(), int(minutes[0])


def _abilities(table):
    """The second column, written by hand, by the lesson that the first links to."""
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
    return {cells[0].partition("/")[2].partition(".ipynb")[0]: cells[1] for cells in rows
            if len(cells) == 3 and ".ipynb" in cells[0]}


def readme_text(root):
    """Return README.md as solutions/ say it should read.

    A row's middle column stays as it is written; a new lesson's is "…", to be filled in.

    Raises:
        ValueError: if README.md lacks the marks around the table, or a lesson its minutes.
    """
    root = Path(root)
    text = (root / "README.md").read_text(encoding="utf-8")
    if text.count(START) != 1 or text.count(END) != 1:
        raise ValueError(f"README.md must hold {START} and {END}, once each.")
    head, rest = text.split(START)
    table, tail = rest.split(END)
    abilities, rows = _abilities(table), []
    for path in notebooks_in(root / "solutions"):
        heading, minutes = title_of(path)
        rows.append(f"| {number_of(path)} [{heading}](lessons/{path.name}) | "
                    f"{abilities.get(path.stem, '…')} | {minutes} |")
    return "\n".join([head + START, *HEAD, *rows, END + tail])
