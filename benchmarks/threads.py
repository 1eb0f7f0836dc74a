"""Character models of our forum threads: `python -m benchmarks.threads`.

main: lesson 13's model over seeds, and the n-gram model. kinds: recurrent layers of equal
parameters, two passes. batches: shuffled windows, two passes, against the GRU of kinds on
contiguous streams. gates: the main model without `start_with_memory`. memory: six passes without
dropout and with much of it, and what is copied. Results go to benchmarks/results/threads.json
after each run; what is stored there is not measured again unless `--anew` is given.
"""

import argparse
import dataclasses
import json
from pathlib import Path

from utils.characters import TrainingText
from utils.studies.records import Record
from utils.studies.threads import (
    KINDS_COMPARED,
    MEMORY,
    MODEL,
    SAMPLING,
    SAMPLINGS,
    TRAINING,
    copies,
    load_parts,
    ngram_bits,
    run,
    size_of,
    thread_text,
)

RESULT = Path(__file__).resolve().parent / "results" / "threads.json"
SEEDS, ORDERS, PASSES = range(3), range(1, 7), 5
COMMAND = "python -m benchmarks.threads"


def runs_of(record, section, name):
    """Return the runs that are stored under a name."""
    if not record.path.exists():
        return []
    figures = json.loads(record.path.read_text(encoding="utf-8"))["figures"]
    return figures.get(section, {}).get(name, [])


def planned():
    """Yield section, name, whether it writes samples, and the options of each run of a seed."""
    yield "main", "network", True, {"passes": PASSES, "rounds": PASSES, "samplings": SAMPLINGS}
    for name in KINDS_COMPARED:
        yield "kinds", name, False, {"passes": 2, **size_of(name)}
    yield "batches", "shuffled windows", False, {"passes": 2, "contiguous": False}
    yield "gates", "all half open", True, {"passes": PASSES, "rounds": PASSES, "memory": None}
    for dropout in (0.0, 0.4):
        yield "memory", f"dropout {dropout}", True, {"passes": 6, "rounds": 6, "dropout": dropout}


def counting(record, parts, alphabet, learnt):
    """Measure the n-gram models, and how much held-out threads share with the training text."""
    bits = {n: ngram_bits(parts, alphabet, n) for n in ORDERS}
    record.put("main", "n-gram by order", {
        str(n): {name: round(value, 4) for name, value in each.items()}
        for n, each in bits.items()})
    unseen = [thread_text(parts[name].iloc[k:k + 1]) for name in ("validation", "test")
              for k in range(len(parts[name]))]
    share, longest = copies(learnt, unseen)
    record.put("main", "held-out threads", {"copied_8grams": round(share, 4),
                                            "longest_copy": longest})


def main():
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--anew", action="store_true", help="measure again what is stored")
    anew = parser.parse_args().anew
    record = Record(RESULT, COMMAND, SEEDS)
    parts, alphabet = load_parts()
    learnt = TrainingText(thread_text(parts["train"]))
    record.put("settings", "all runs", {"model": MODEL, "training": TRAINING, "memory": MEMORY,
                                        "samples": dataclasses.asdict(SAMPLING)})
    if anew or not runs_of(record, "main", "n-gram by order"):
        counting(record, parts, alphabet, learnt)
    for seed in SEEDS:
        for section, name, writes, options in planned():
            others = [one for one in runs_of(record, section, name) if one["seed"] != seed]
            if anew or len(others) == len(runs_of(record, section, name)):
                record.put(section, name, [*others, run(
                    parts, alphabet, learnt if writes else None, seed, **options)])


if __name__ == "__main__":
    main()
