"""A Jupyter kernel to try hostile answers in, as a learner's notebook would."""

import os
import queue
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parents[1]
SETUP = """
import types
import numpy as np
from utils.exercises import lesson_00
from utils.exercises.engine import Exercise

check = types.SimpleNamespace(
    last_step=lesson_00.last_step, leaky_memory=Exercise("leaky_memory", seconds=3))
for title, points, judge in lesson_00.leaky_memory.parts:
    check.leaky_memory.part(title, points)(judge)
check.leaky_memory.seal()

def right(x, a):
    h, states = 0.0, []
    for x_t in x:
        h = a * h + x_t
        states.append(h)
    return np.array(states)
"""


class Outputs:
    """What a cell sent: `text` is all it printed, `shown` its displays, `error` what it raised."""

    def __init__(self):
        self.text, self.shown, self.error = "", [], ""

    def add(self, message):
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            self.text += content["text"]
        elif kind in ("display_data", "execute_result"):
            self.shown.append(content["data"].get("text/plain", ""))
        elif kind == "error":
            self.error = f"{content['ename']}: {content['evalue']}"


class Kernel:
    """A kernel with lesson 00's checks and a right answer in it; a context.

    Its `leaky_memory` gives code one second of computing, so that tests end sooner.

    Args:
        cache: folder for the course's cache.
        setup: code that is run first.
    """

    def __init__(self, cache, setup=SETUP):
        env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache),
               "COURSE_STRICT": "0", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
        env.pop("NBGRADER_EXECUTION", None)
        self.manager, self.client = start_new_kernel(env=env, cwd=str(cache), startup_timeout=300)
        assert not self.run(setup).error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def start(self, code):
        """Send a cell, and do not wait for it."""
        return self.client.execute(code, allow_stdin=False)

    def outputs(self, cell, timeout=300):
        """Return the `Outputs` of a cell that was sent."""
        outputs, end = Outputs(), time.monotonic() + timeout
        while time.monotonic() < end:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                assert self.manager.is_alive(), "the kernel has died"
                continue
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return outputs
            outputs.add(message)
        raise TimeoutError(f"the cell had not ended after {timeout} s; so far: {outputs.text!r}")

    def run(self, code, timeout=300):
        """Run a cell and return its `Outputs`."""
        return self.outputs(self.start(code), timeout)
