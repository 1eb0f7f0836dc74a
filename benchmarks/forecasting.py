"""Measure lesson 03 over ten seeds: `python benchmarks/forecasting.py`.

It runs the lesson's own cells in full mode, so the figures are those of the lesson's code, and
writes benchmarks/results/forecasting.json.
"""

import json
import os
import platform
from pathlib import Path

os.environ["COURSE_MODE"] = "full"
os.environ["MPLBACKEND"] = "Agg"

import keras
import nbformat
import numpy as np
import tensorflow as tf

from utils.studies.machine import calibration

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "solutions" / "03_simple_rnn_forecasting.ipynb"
RESULT = ROOT / "benchmarks" / "results" / "forecasting.json"


def run_cells(path):
    """Run the code cells of a notebook, without its checks and its quiz; return its names."""
    names = {"__name__": "lesson"}
    for cell in nbformat.read(path, as_version=4).cells:
        graded = cell.metadata.get("nbgrader", {}).get("grade", False)
        if cell.cell_type == "code" and not graded and cell.id != "quiz":
            exec(compile(cell.source, cell.id, "exec"), names)
    return names


def spread(values):
    """Return {"mean": …, "spread": …} over seeds; the spread is the standard deviation."""
    values = np.asarray(values, dtype=float)
    return {"mean": round(float(values.mean()), 4), "spread": round(float(values.std(ddof=1)), 4),
            "best": round(float(values.min()), 4), "worst": round(float(values.max()), 4)}


def main():
    lesson = run_cells(NOTEBOOK)
    rules = {name: {"mae": round(float(mae), 2), "mase": round(float(mase), 4)}
             for name, (mae, mase) in lesson["scores"].items() if name != "SimpleRNN"}
    result = {
        "command": "python benchmarks/forecasting.py",
        "versions": {"python": platform.python_version(), "keras": keras.__version__,
                     "tensorflow": tf.__version__, "numpy": np.__version__},
        "cores": os.cpu_count(),
        "machine": calibration(),
        "seeds": len(lesson["SEEDS"]),
        "random_walk": {"mse_network": round(float(lesson["mse_network"]), 4),
                        "mse_last_value": round(float(lesson["mse_last"]), 4)},
        "sales_one_day": rules | {"SimpleRNN": {"mae": spread(lesson["by_seed"][:, 0]),
                                                "mase": spread(lesson["by_seed"][:, 1])}},
        "sales_14_days_mase": {
            name: round(float(curve.mean()), 4) for name, curve in lesson["by_day"].items()
            if name != "SimpleRNN"
        } | {"SimpleRNN": spread(lesson["network_days"].mean(axis=1))},
        "sunspots_mase": {name: round(value, 4) for name, value in lesson["spot_scores"].items()}
        | {"SimpleRNN": spread(lesson["spot_network"])},
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
