"""Every result that a page shows, made from the records: README.md and benchmarks/README.md.

    python -m benchmarks.tables             # writes what stands between marks
    python -m benchmarks.tables --check     # compares only; exit 1, and the pages that differ

A page holds marks, and what stands between them is never written by hand: a table, as in
`<!-- table adding -->` ... `<!-- end of table adding -->`, with the command that measured it, or
a figure in a sentence, as in `<!-- value sales -->0.349<!-- / -->`. `benchmarks.rows.TABLES` and
`VALUES` here have the names.
"""

import argparse
import re
import sys
from pathlib import Path

from benchmarks.rows import TABLES, lags, share
from utils.studies import load_record, load_table

__all__ = ["PAGES", "VALUES", "filled", "main", "stale"]

ROOT = Path(__file__).resolve().parents[1]
MASE = ("sales_one_day", "SimpleRNN", "mase")
OURS, NATS = ("BiGRU with pairs", "test_accuracy"), ("with pairs", "val_nats")
PAGES = ("README.md", "benchmarks/README.md")
TABLE = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end of table \2 -->)", re.DOTALL)
VALUE = re.compile(r"(<!-- value (\w+) -->)[^<\n]*(<!-- / -->)")
MARK = re.compile(r"<!-- (?:(?:end of )?table \w+|value \w+|/) -->")


def _figures(name, *path):
    found = load_record(name).get("figures") or load_record(name)
    for each in path:
        found = found[each]
    return found


def _ratios():
    return [row["keras_over_numpy"] for row in _figures("cells")]


VALUES = {      # name: function that returns the text
    "sales": lambda: f"{_figures('forecasting', *MASE)['mean']:.3f}",
    "adding": lambda: share(lags("LSTM", 150), "solved"),
    "imdb": lambda: f"{_figures('sentiment', 'imdb', *OURS)['mean']:.3f}",
    "photographs": lambda: f"{_figures('captions', 'lesson_12', 'test', 'BLEU-4')['mean']:.1f}",
    "shakespeare": lambda: f"{_figures('characters', 'shakespeare', *NATS)['mean']:.3f}",
    "runs_of_variants": lambda: str(len(load_table("variants"))),
    "least_ratio": lambda: f"{min(_ratios()):.1f}",
    "largest_ratio": lambda: f"{max(_ratios()):.1f}",
    "hotels": lambda: f"{_figures('sentiment', 'chnsenticorp', 'split', 'test'):,}",
}


def _measured(record):
    """Return one line: the command that measured a record, its seeds and its machine."""
    if record == "variants":
        head = (ROOT / "benchmarks/results/variants.csv").open(encoding="utf-8").readline()
        command, _, seeds = head.strip("# \n").partition(", ")
        return f"`{command}`; {seeds}."
    found = load_record(record)
    seeds = found["seeds"]
    seeds = list(range(seeds)) if isinstance(seeds, int) else seeds
    parts = [f"`{found['command']}`", f"seeds {', '.join(map(str, seeds))}" if seeds else "",
             f"{found['cores']} cores", found.get("machine", {}).get("processor", "")]
    return "; ".join(part for part in parts if part) + "."


def _named(kind, known, name):
    if name not in known:
        raise ValueError(f"There is no {kind} {name!r}; known: {', '.join(known)}.")
    return known[name]


def filled(text):
    """Return a page's text with what stands between marks as the records say.

    Raises:
        ValueError: for a name that there is not, or a mark without its other half.
    """
    rest = MARK.search(VALUE.sub("", TABLE.sub("", text)))
    if rest:
        raise ValueError(f"The mark {rest[0]} lacks its other half.")

    def table(found):
        record, make = _named("table", TABLES, found[2])
        return f"{found[1]}{make()}\n\n{_measured(record)}\n{found[3]}"

    def value(found):
        return f"{found[1]}{_named('value', VALUES, found[2])()}{found[3]}"

    return VALUE.sub(value, TABLE.sub(table, text))


def stale(root=ROOT, write=False):
    """Return the pages below `root` that differ from the records; with `write`, write them."""
    found = []
    for name in PAGES:
        path = Path(root) / name
        text = path.read_text(encoding="utf-8")
        try:
            wanted = filled(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if wanted != text:
            found.append(name)
            if write:
                path.write_text(wanted, encoding="utf-8", newline="\n")
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables",
                                     description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 when stale")
    check = parser.parse_args(arguments).check
    try:
        found = stale(write=not check)
    except ValueError as error:
        print(error)
        return 1
    for name in found:
        print(f"{name}: {'not what' if check else 'now what'} benchmarks/results says"
              f"{'; run `python -m benchmarks.tables`' if check else ''}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
