"""Run a solution often, each time on another kind of machine, and say how near its claims come.

A claim that holds here may fail where sums are rounded otherwise. So a lesson is run with other
seeds, one thread, a busy neighbour, without oneDNN and with an older processor's instructions;
each claim is listed with how often it held and its closest call.
"""

import collections
import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .claims import measured, read_claims

__all__ = ["Way", "flakes", "table", "ways"]

BUSY = "import numpy as np\nx = np.random.rand(400, 400)\nwhile True: x = np.tanh(x @ x / 400)"
SHIFT = """
import numpy as _np
import utils.training as _training
from numpy.random import default_rng as _default_rng

def _shifted(seed=None):
    if isinstance(seed, (int, _np.integer)):
        seed = int(seed) + {shift}
    elif isinstance(seed, (list, tuple)) and seed:
        seed = [int(seed[0]) + {shift}, *seed[1:]]
    return _default_rng(seed)

if {data}:
    _np.random.default_rng = _shifted
_set_random_seed = _training.keras.utils.set_random_seed
_training.keras.utils.set_random_seed = lambda seed: _set_random_seed(seed + {shift})
"""


@dataclasses.dataclass(frozen=True)
class Way:
    """A kind of machine: its environment variables, and whether something else runs there.

    `shift` is added to the seeds of training; to those that NumPy draws data and weights with only
    if `data` is True: some claims are about one drawn data set.
    """

    name: str
    env: dict = dataclasses.field(default_factory=dict)
    shift: int = 0
    data: bool = True
    busy: bool = False


ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                            "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
OLDER = {"OPENBLAS_CORETYPE": "Haswell", "ONEDNN_MAX_CPU_ISA": "AVX2",
         "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
MACHINES = (Way("as is"), Way("1 thread", ONE_THREAD), Way("busy neighbour", busy=True),
            Way("no oneDNN", {"TF_ENABLE_ONEDNN_OPTS": "0"}), Way("older processor", OLDER))


def ways(runs, data=True):
    """Return `runs` ways to run a notebook: the kinds of machines, then shifted seeds.

    Args:
        runs: how many.
        data: whether other seeds mean other data as well; see `Way`.
    """
    name = "seeds" if data else "training seeds"
    shifted = [Way(f"{name} + {k}", shift=k, data=data) for k in range(1, runs)]
    return [*MACHINES, *shifted][:runs]


@contextlib.contextmanager
def _neighbour(busy):
    process = subprocess.Popen([sys.executable, "-c", BUSY]) if busy else None
    try:
        yield
    finally:
        if process:
            process.kill()
            process.wait()


def _run(path, way, timeout):
    notebook = measured(nbformat.read(path, as_version=4),
                        SHIFT.format(shift=way.shift, data=way.data) if way.shift else "")
    client = NotebookClient(notebook, timeout=timeout, kernel_name="python3",
                            resources={"metadata": {"path": str(path.parent)}})
    start = time.monotonic()
    with _neighbour(way.busy):
        client.execute(env={**os.environ, **way.env, "COURSE_STRICT": "1"})
    return read_claims(notebook), time.monotonic() - start


def flakes(path, chosen, keep=None, timeout=900):
    """Run the solution `path` in each of the `chosen` ways.

    Args:
        path: notebook file.
        chosen: list of `Way`.
        keep: JSON file to which each run is added at once, or None.
        timeout: seconds per cell.

    Returns:
        A list of {"way", "seconds", "claims", "error"}, one per run.
    """
    runs = json.loads(Path(keep).read_text("utf-8")) if keep and Path(keep).exists() else []
    for way in chosen:
        try:
            (claims, seconds), error = _run(path, way, timeout), ""
        except Exception as failure:            # a cell that raises ends this run, not the others
            claims, seconds, error = [], 0.0, f"{type(failure).__name__}: {str(failure)[-800:]}"
        runs.append({"way": way.name, "seconds": round(seconds, 1), "claims": claims,
                     "error": error})
        held = sum(claim["holds"] for claim in claims)
        print(f"{path.stem} {way.name:<16} {seconds:6.1f} s  {held} of {len(claims)} claims hold"
              + (f"\n{error}" if error else ""), flush=True)
        if keep:
            Path(keep).parent.mkdir(parents=True, exist_ok=True)
            Path(keep).write_text(json.dumps(runs, indent=1), encoding="utf-8")
    return runs


def table(runs):
    """Return a text table: each claim, how often it held, its closest call and its spread."""
    rows = collections.defaultdict(list)
    for run in runs:
        for claim in run["claims"]:
            rows[claim["cell"], claim["number"], claim["claim"]].append((run["way"], claim))
    lines = [f"{'cell':<18} {'held':>7}  closest call (its gap; mean and spread of gaps)  claim"]
    for (cell, _, source), found in rows.items():
        held = f"{sum(c['holds'] for _, c in found)}/{len(found)}"
        near = [(c["closest"], way) for way, c in found if c["closest"]]
        said = ""
        if near:
            (gap, left, sign, right), way = min(near, key=lambda n: n[0][0])
            gaps = [c[0] for c, _ in near]
            spread = statistics.stdev(gaps) if len(gaps) > 1 else 0.0
            said = (f"{left:.4g} {sign} {right:.4g} [{way}] (gap {gap:.3g}; "
                    f"{statistics.mean(gaps):.3g} ± {spread:.2g})")
        failed = [way for way, c in found if not c["holds"]]
        lines.append(f"{cell:<18} {held:>7}  {said}  {source[:90]}"
                     + (f"  FAILED: {', '.join(failed)}" if failed else ""))
    return "\n".join(lines)
