"""Split the threads of each board into train, validation and test.

    python datasets/tieba/make_split.py            write split.csv anew
    python datasets/tieba/make_split.py --check    exit 1 unless it is what is in this folder
    python datasets/tieba/make_split.py --report   the longest text that two threads share

A thread is on one side as a whole. The same seed gives the same bytes.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from utils.authoring.generated import run_generator
from utils.text import stratified_split

SEED = 13
FOLDER = Path(__file__).resolve().parent
SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}     # of each board's threads


def read_threads():
    """Return one row per thread, in order of file and line: `board`, `row`, `text`."""
    rows = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for row, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            thread = json.loads(line)
            rows.append((thread["bar"], row, "\n".join([thread["title"], *thread["posts"]])))
    return pd.DataFrame(rows, columns=["board", "row", "text"])


def longest_shared(texts):
    """Return the longest run of characters, line ends apart, that two of the texts share.

    The first found of those; "" where none share a character.
    """
    longest, length = "", 1
    while True:
        owner, shared = {}, None
        for i, text in enumerate(texts):
            for line in text.split("\n"):
                for start in range(len(line) - length + 1):
                    run = line[start:start + length]
                    if owner.setdefault(run, i) != i and shared is None:
                        shared = run
        if shared is None:
            return longest
        longest, length = shared, length + 1


def make_files():
    """Return {"split.csv": its text}."""
    table = read_threads()
    rng = np.random.default_rng(SEED)
    table["split"] = stratified_split(table["text"], table["board"], SHARES, rng)
    return {"split.csv": table[["board", "row", "split"]].to_csv(index=False,
                                                                 lineterminator="\n")}


def report():
    """Print the longest run of characters that two threads share."""
    shared = longest_shared(read_threads()["text"])
    print(f"the longest run in two threads has {len(shared)} characters: {shared}")


def main(arguments=None):
    """Run the command line; return the exit status."""
    return run_generator(__doc__.splitlines()[0], "make_split.py", FOLDER, make_files, report,
                         arguments)


if __name__ == "__main__":
    sys.exit(main())
