"""At which lag does a SimpleRNN stop learning, and does an LSTM go on?

    python -m benchmarks.lags

Both layers have 32 units and at most 20 rounds of 150 training steps (see utils/studies/lags.py)
on the adding problem and the copy task. The learning rate of each is the best of three on the
adding problem at lag 60, over three seeds that the study does not use. The result goes to
benchmarks/results/lags.json; lessons 04 and 05 draw it.
"""

import argparse
from pathlib import Path
from statistics import mean

from utils.studies.lags import RATES, train_at_lag
from utils.studies.records import write_record

RESULT = Path(__file__).resolve().parent / "results" / "lags.json"
LAGS = {"adding": (20, 40, 60, 80, 100, 150), "copy": (5, 10, 20, 40)}
SEEDS, ROUNDS = (0, 1, 2, 3, 4), 20
TRIED, PICKED_AT, PICKED_WITH = (0.01, 0.003, 0.001), 60, (100, 101, 102)


def pick_rates():
    """Return rounds and loss at each rate tried, and say so if another than ours was best."""
    found = {}
    for cell, chosen in RATES.items():
        found[cell] = {}
        for rate in TRIED:
            runs = [train_at_lag("adding", cell, PICKED_AT, seed, ROUNDS, rate=rate)[0]
                    for seed in PICKED_WITH]
            found[cell][rate] = {"rounds": round(mean(len(run.losses) for run in runs), 2),
                                 "loss": round(mean(run.loss for run in runs), 5)}
            print("rate", cell, rate, found[cell][rate], flush=True)
        # sooner solved is better; then the lower loss
        best = min(TRIED, key=lambda rate: tuple(found[cell][rate].values()))
        if best != chosen:
            print(f"{cell}: {best} was best here, the study uses {chosen}.", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lags", description=__doc__)
    parser.add_argument("--only-rates", action="store_true", help="stop after the rates")
    only_rates = parser.parse_args().only_rates
    rates = pick_rates()
    if only_rates:
        return
    rows = []
    for seed in SEEDS:
        for task, lags in LAGS.items():
            for cell in RATES:
                for lag in lags:
                    outcome, _ = train_at_lag(task, cell, lag, seed, ROUNDS)
                    rows.append({
                        "task": task, "cell": cell, "lag": lag, "seed": seed,
                        "loss": round(outcome.loss, 5),
                        "baseline": round(float(outcome.baseline), 5),
                        "rounds": len(outcome.losses), "beats": outcome.beats,
                        "solved": outcome.solved,
                    })
                    print(rows[-1], flush=True)
        write_record(RESULT, "python -m benchmarks.lags", rows,
                     seeds=range(seed + 1), extra={"rates": rates})


if __name__ == "__main__":
    main()
