"""Depth against width at equal parameters: `python -m benchmarks.depth`.

Five stacks of GRU layers with about 12,000 parameters each, 1500 training steps on the
characters of our English reviews, five seeds. The result goes to benchmarks/results/depth.json;
lesson 07 draws it.
"""

import argparse
from pathlib import Path

from utils.studies.depth import STACKS, train_stack
from utils.studies.records import write_record

RESULT = Path(__file__).resolve().parent / "results" / "depth.json"
SEEDS, ROUNDS = range(5), 10


def main():
    argparse.ArgumentParser(prog="python -m benchmarks.depth", description=__doc__).parse_args()
    rows = []
    for seed in SEEDS:
        for name in STACKS:
            found = train_stack(name, seed, ROUNDS)
            found["validation"] = [round(bits, 4) for bits in found["validation"]]
            rows.append({"stack": name, "seed": seed, **found, "test": round(found["test"], 4)})
            print(rows[-1], flush=True)
    write_record(RESULT, "python -m benchmarks.depth", rows, seeds=SEEDS)


if __name__ == "__main__":
    main()
