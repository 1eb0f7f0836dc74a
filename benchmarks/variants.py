"""A small search space: every recurrent cell on three tasks, over rates and seeds.

    python -m benchmarks.variants [--jobs 2]

Nine variants with as many parameters as an LSTM of 24 units, three tasks, three learning rates,
five seeds: 405 runs. It writes one row per run to benchmarks/results/variants.csv; lesson 06
takes of each variant the rate with the best mean on validation data, and reports test data.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")      # the cores are for the processes

import pandas as pd

from utils.by_hand import VARIANTS
from utils.studies.tasks import TASKS, make_task
from utils.studies.variants import RATES, STEPS, run

SEEDS = (0, 1, 2, 3, 4)
RESULT = Path(__file__).resolve().parent / "results" / "variants.csv"
COMMAND = "python -m benchmarks.variants"


def row(key):
    task, variant, rate, seed = key
    found = run(variant, make_task(task), seed, rate, STEPS[task])
    return {"task": task, "variant": variant, "rate": rate, "seed": seed, **found}


def main():
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    jobs = parser.parse_args().jobs
    keys = list(product(TASKS, VARIANTS, RATES, SEEDS))
    with ProcessPoolExecutor(jobs) as pool:
        rows = []
        for found in pool.map(row, keys):
            rows.append(found)
            print(len(rows), "of", len(keys), found, flush=True)
    text = pd.DataFrame(rows).to_csv(index=False, float_format="%.5f", lineterminator="\n")
    RESULT.write_text(f"# {COMMAND}, seeds {', '.join(map(str, SEEDS))}\n{text}",
                      encoding="utf-8")


if __name__ == "__main__":
    main()
