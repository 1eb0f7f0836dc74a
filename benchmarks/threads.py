"""Character models of our forum threads: `python -m benchmarks.threads`.

`--section NAME` measures one part and keeps the others' figures. main: lesson 13's model over
seeds, and the n-gram model. kinds: recurrent layers of equal parameters, two passes. batches:
shuffled windows, two passes, against the GRU of kinds on contiguous streams. memory: eight passes
without dropout and with much of it, and what is copied. The results go to
benchmarks/results/threads.json after each run, so that a stop loses nothing.
"""

import argparse
import json
from pathlib import Path

from utils.authoring.records import write_record
from utils.copying import TrainingText
from utils.thread_study import (
    KINDS_COMPARED,
    MODEL,
    TRAINING,
    copies,
    load_parts,
    ngram_bits,
    run,
    size_of,
    thread_text,
)

RESULT = Path(__file__).resolve().parent / "results" / "threads.json"
SEEDS, ORDERS = range(3), range(1, 7)
COMMAND = "python -m benchmarks.threads"


def put(section, name, value):
    """Add figures to the file and print them; runs of one name make a list."""
    figures = json.loads(RESULT.read_text(encoding="utf-8"))["figures"] if RESULT.exists() else {}
    old = figures.setdefault(section, {})
    if "seed" in value:
        value = [one for one in old.get(name, []) if one["seed"] != value["seed"]] + [value]
    old[name] = value
    write_record(RESULT, COMMAND, figures, seeds=SEEDS,
                 extra={"model": MODEL, "training": TRAINING})
    print(section, name, json.dumps(value, ensure_ascii=False), flush=True)


def main_model(parts, alphabet, learnt):
    bits = {str(n): {name: round(value, 4) for name, value in ngram_bits(parts, alphabet,
                                                                       n).items()}
            for n in ORDERS}
    put("main", "n-gram by order", bits)
    unseen = [thread_text(parts[name].iloc[k:k + 1]) for name in ("validation", "test")
              for k in range(len(parts[name]))]
    share, longest = copies(learnt, unseen)
    put("main", "held-out threads", {"copied_8grams": round(share, 4), "longest_copy": longest})
    for seed in SEEDS:
        put("main", "network", run(parts, alphabet, learnt, seed, 4, rounds=4))


def kinds(parts, alphabet, learnt):
    for seed in SEEDS:
        for name in KINDS_COMPARED:
            found = run(parts, alphabet, None, seed, 2, **size_of(name))
            put("kinds", name, found | size_of(name))


def batches(parts, alphabet, learnt):
    for seed in SEEDS:
        put("batches", "shuffled windows", run(parts, alphabet, None, seed, 2, contiguous=False))


def memory(parts, alphabet, learnt):
    for seed in (0, 1):
        for dropout in (0.0, 0.4):
            found = run(parts, alphabet, learnt, seed, 8, rounds=8, dropout=dropout)
            put("memory", f"dropout {dropout}", found)


SECTIONS = {"main": main_model, "batches": batches, "kinds": kinds, "memory": memory}


def main():
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, help="one alone; all without it")
    only = parser.parse_args().section
    parts, alphabet = load_parts()
    learnt = TrainingText(thread_text(parts["train"]))
    for name, measure in SECTIONS.items():
        if only in (None, name):
            measure(parts, alphabet, learnt)


if __name__ == "__main__":
    main()
