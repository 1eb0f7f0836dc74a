"""Split the reviews of each language into train, validation and test, look-alikes together.

    python datasets/reviews/make_split.py            write split.csv anew
    python datasets/reviews/make_split.py --check    exit 1 unless it is what is in this folder
    python datasets/reviews/make_split.py --report   sizes, and how many reviews look alike

Which reviews stay together is decided by `chinese_groups` and `english_groups`; README.md
beside this file states the rule. The same seed gives the same bytes.
"""

import re
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from utils.authoring.generated import run_generator

SEED = 9
FOLDER = Path(__file__).resolve().parent
PARTS = {"train": 70, "validation": 10, "test": 20}     # reviews of each domain and label
LOOK_ALIKE = 0.25                                       # shared words / all words of two reviews
RUN = 5                                                 # words in a row that two reviews share


def word_overlap(first, second):
    """Return the share of the words of two reviews, each counted once, that both have."""
    return len(first & second) / len(first | second)


def english_groups(texts, domains):
    """Return one group number per review: look-alikes of a domain have the same.

    Two reviews look alike where `word_overlap` is at least `LOOK_ALIKE` or they share `RUN`
    words in a row; who looks like a member of a group belongs to it.
    """
    rows = [re.findall(r"[a-z']+", text.lower()) for text in texts]
    words = [set(row) for row in rows]
    runs = [{tuple(row[i:i + RUN]) for i in range(len(row) - RUN + 1)} for row in rows]
    group = list(range(len(rows)))
    for i, j in combinations(range(len(rows)), 2):
        alike = word_overlap(words[i], words[j]) >= LOOK_ALIKE or runs[i] & runs[j]
        if alike and domains[i] == domains[j] and group[i] != group[j]:
            old, new = group[j], group[i]
            group = [new if number == old else number for number in group]
    return group


def chinese_groups(kinds):
    """Return one group number per review: the number of its mirror pair."""
    return kinds["pair"].tolist()


def assign(domains, labels, groups, rng):
    """Return one name of `PARTS` per review.

    In each domain the groups come in random order, the largest first, and each goes to a part
    with room for all of it, chosen with chances as large as the room; single reviews fill up.

    Raises:
        ValueError: if the groups do not fit into parts of exactly those sizes.
    """
    table = pd.DataFrame({"domain": domains, "label": labels, "group": groups})
    split = pd.Series("", index=table.index, dtype=object)
    for domain, rows in table.groupby("domain"):
        room = {part: {0: size, 1: size} for part, size in PARTS.items()}
        members = [group for _, group in rows.groupby("group")]
        order = rng.permutation(len(members))
        for k in sorted(order, key=lambda k: -len(members[k])):     # stable: ties stay random
            need = members[k]["label"].value_counts().to_dict()
            fits = [part for part in PARTS
                    if all(room[part][label] >= n for label, n in need.items())]
            if not fits:
                raise ValueError(f"A group of {sum(need.values())} reviews of {domain} fits "
                                 "into no part: try another seed.")
            chances = np.array([sum(room[part].values()) for part in fits], float)
            part = fits[rng.choice(len(fits), p=chances / chances.sum())]
            for label, n in need.items():
                room[part][label] -= n
            split[members[k].index] = part
    return split.tolist()


def make_groups():
    """Return {language: (reviews, group numbers)}."""
    tables = {language: pd.read_csv(FOLDER / f"reviews_{language}.csv", encoding="utf-8",
                                    keep_default_na=False) for language in ("en", "zh")}
    kinds = pd.read_csv(FOLDER / "kinds.csv", encoding="utf-8", keep_default_na=False)
    english = tables["en"]
    return {"en": (english, english_groups(english["text"], english["domain"])),
            "zh": (tables["zh"], chinese_groups(kinds))}


def make_files():
    """Return {"split.csv": its text}."""
    parts = []
    for number, (language, (table, groups)) in enumerate(make_groups().items()):
        rng = np.random.default_rng([SEED, number])
        split = assign(table["domain"], table["label"], groups, rng)
        parts.append(pd.DataFrame({"language": language, "row": table.index, "split": split}))
    return {"split.csv": pd.concat(parts).to_csv(index=False, lineterminator="\n")}


def report():
    """Print how many reviews of each language are kept together, and in groups of what size."""
    for language, (_, groups) in make_groups().items():
        sizes = pd.Series(groups).value_counts()
        print(f"{language}: {int(sizes[sizes > 1].sum())} reviews in {int((sizes > 1).sum())} "
              f"groups of two or more, the largest of {int(sizes.max())}")


def main(arguments=None):
    """Run the command line; return the exit status."""
    return run_generator(__doc__.splitlines()[0], "make_split.py", FOLDER, make_files, report,
                         arguments)


if __name__ == "__main__":
    sys.exit(main())
