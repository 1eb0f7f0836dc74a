"""Which forecaster wins on which series?

    python -m benchmarks.mining

Every method forecasts the last test blocks of every series, one season each, from what was
known before the block (utils/series/backtest.py); networks with three seeds. In full mode
(COURSE_MODE=full) the series of data set "series" take part as well. Settings of the networks
were tried out on blocks before those reported, with other seeds. The result goes to
benchmarks/results/mining.json; lesson 08 draws it.
"""

import argparse
from importlib import import_module
from pathlib import Path

from utils.settings import is_full
from utils.studies.forecasters import FULL, QUICK, compare, load_case, methods
from utils.studies.records import write_record
from utils.training import keras

RESULT = Path(__file__).resolve().parent / "results" / "mining.json"
SEEDS = (0, 1, 2)


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    command = f"{'COURSE_MODE=full ' if is_full() else ''}python -m benchmarks.mining"
    libraries = {name: import_module(name).__version__
                 for name in ("pandas", "statsmodels", keras.backend.backend())}
    figures = {}
    for name in FULL if is_full() else QUICK:
        case = load_case(name)
        figures[name] = {"season": case.season, "horizon": case.horizon,
                         "origins": case.origins, "values": len(case.series),
                         "unit": case.series.name, "methods": {}}
        print(f"{name}: {len(case.series)} values", flush=True)
        for method, factory in methods(case.season).items():
            found = compare(case, {method: factory}, SEEDS)[method]
            figures[name]["methods"][method] = found
            print(f"  {method}: MASE {found['mase']:.3f} ± {found['spread']:.3f}, better than "
                  f"the last value in {found['beats_last_value']:.0%} of folds, "
                  f"{found['seconds']:.2f} s a fold", flush=True)
        write_record(RESULT, command, figures, SEEDS, {"libraries": libraries})


if __name__ == "__main__":
    main()
