"""Hostile and odd answers in a live kernel: a check tells what is wrong and costs nothing."""

import time

import pytest

from tests.live_kernel import Kernel

RIGHT = "print('printed'); check.leaky_memory(right)"


def answer(*lines, arguments="x, a"):
    """Return a cell that defines `leaky_memory` with these lines in it, and checks it."""
    body = "\n".join(f"    {line}" for line in lines)
    return f"def leaky_memory({arguments}):\n{body}\n\ncheck.leaky_memory(leaky_memory)"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with Kernel(tmp_path_factory.mktemp("cache")) as kernel:
        yield kernel


def assert_unharmed(kernel):
    """Assert that the kernel prints, judges, and that nothing strange comes along."""
    after = kernel.run(RIGHT)
    assert after.error == ""
    assert after.text == "printed\n✓ leaky_memory: correct.\n"
    assert after.shown == []


# What the answer does: (its lines, words of the verdict). All of them end in seconds.
TOLD = {
    "calls its own check": (
        ["h = right(x, a)", "check.leaky_memory(leaky_memory)", "return h"],
        ["calls its own check", "left margin"]),
    "calls its own check and catches": (
        ["try:", "    check.leaky_memory(leaky_memory)", "except BaseException:", "    pass",
         "return right(x, a)"], ["calls its own check"]),
    "calls its own check in a thread": (
        ["import threading", "t = threading.Thread(target=check.leaky_memory, args=(right,))",
         "t.start(); t.join()", "return right(x, a)"], ["calls its own check"]),
    "raises KeyboardInterrupt": (["raise KeyboardInterrupt"], ["KeyboardInterrupt", "line 2"]),
    "raises GeneratorExit": (["raise GeneratorExit"], ["GeneratorExit", "line 2"]),
    "raises its own BaseException": (
        ["class Stop(BaseException): pass", "raise Stop('no more')"],
        ["Stop", "line 3", "no more"]),
    "interrupts the main thread": (
        ["import _thread", "_thread.interrupt_main()", "return x"], ["KeyboardInterrupt"]),
    "has an endless __array__": (
        ["class R:", "    def __array__(self, *a, **k):", "        while True: pass",
         "return R()"], ["still running after"]),
    "has an endless __repr__": (
        ["class R:", "    def __repr__(self):", "        while True: pass", "return R()"],
        ["R: give one array"]),
    "has an endless __str__ in an error": (
        ["class E(Exception):", "    def __str__(self):", "        while True: pass",
         "raise E"], ["still running after"]),
    "gives a list of ten million": (["return [0.5] * 10**7"], ["list [0.5, 0.5"]),
    "quits": (["quit()"], ["SystemExit", "line 2", "end the kernel"]),
    "exits": (["exit()"], ["SystemExit", "line 2", "end the kernel"]),
    "asks IPython to exit": (["get_ipython().ask_exit()"], ["SystemExit", "end the kernel"]),
    "leaves by sys": (["import sys", "sys.exit()"], ["SystemExit", "line 3", "return"]),
    "leaves by os": (["import os", "os._exit(1)"], ["SystemExit", "line 3", "end the kernel"]),
    "aborts": (["import os", "os.abort()"], ["SystemExit", "end the kernel"]),
    "kills itself": (["import os, signal", "os.kill(os.getpid(), signal.SIGTERM)"],
                     ["SystemExit", "end the kernel"]),
    "kills its group": (["import os, signal", "os.killpg(os.getpgrp(), signal.SIGTERM)"],
                        ["SystemExit", "end the kernel"]),
    "raises a signal": (["import signal", "signal.raise_signal(signal.SIGTERM)"],
                        ["SystemExit", "end the kernel"]),
    "becomes another program": (["import os", "os.execv('/bin/true', ['true'])"],
                                ["SystemExit", "end the kernel"]),
    "recurses without end": (["return leaky_memory(x, a)"], ["RecursionError"]),
    "recurses with a raised limit": (
        ["import sys", "sys.setrecursionlimit(10**6)", "return leaky_memory(x, a)"],
        ["RecursionError"]),
    "recurses through a C function": (
        ["import sys", "sys.setrecursionlimit(10**6)", "g = lambda v: max([1], key=g)",
         "return g(1)"], ["RecursionError"]),
    "asks for input": (["input('h? ')"], ["EOFError", "line 2"]),
    "never ends": (["while True: pass"], ["still running after", "loop"]),
    "never ends and catches all": (
        ["while True:", "    try:", "        while True: a = a + 1",
         "    except BaseException:", "        pass"], ["still running after"]),
    "keeps a list": (
        ["states.extend(right(x, a))", "return np.array(states)"], ["keeps something"]),
}


@pytest.mark.parametrize("what", TOLD)
def test_what_is_wrong_is_told_and_the_kernel_lives(kernel, what):
    lines, words = TOLD[what]
    said = kernel.run(answer(*lines, arguments="x, a, states=[]"))
    assert said.error == ""
    assert said.text.startswith("✗ leaky_memory: not yet")
    assert "Traceback" not in said.text
    for word in words:
        assert word in said.text
    assert_unharmed(kernel)


WAITING = {
    "sleeps": ["import time", "time.sleep(40)"],
    "waits for a lock": ["import threading", "lock = threading.Lock()", "lock.acquire()",
                         "lock.acquire(timeout=40)"],
    "sleeps in a loop": ["import time", "while True: time.sleep(0.01)"],
    "catches and sleeps": ["import time", "while True:", "    try: time.sleep(0.01)",
                           "    except BaseException: pass"],
}


@pytest.mark.parametrize("what", WAITING)
def test_code_that_waits_is_told_so(kernel, what):
    said = kernel.run(answer(*WAITING[what]))
    assert "waits" in said.text
    assert "loop never end" not in said.text
    assert_unharmed(kernel)


WRITES = {
    "by os.write": ["import os", "for _ in range(100): os.write(1, b'w' * 10_000)"],
    "by the system": ["import os", "os.system('yes | head -c 100000')"],
    "by a program": ["import subprocess", "subprocess.run(['echo', 'w' * 5000])"],
    "by a program, into sys.stdout": [
        "import subprocess, sys", "subprocess.run(['echo', 'w' * 5000], stdout=sys.stdout)"],
    "by the first stream": ["import sys", "sys.__stdout__.write('w' * 100_000)"],
    "by bytes": ["import sys", "sys.stdout.buffer.write(b'w' * 100_000)"],
    "by print": ["print('w' * 10**6)"],
    "by displays": ["from IPython.display import display", "for _ in range(200): display('w')"],
    "by figures": ["import matplotlib.pyplot as plt", "for _ in range(3): plt.plot(x); plt.show()",
                   "plt.figure()"],
    "by a warning": ["import warnings", "for k in range(1000): warnings.warn('w' * 50 + str(k))"],
    "by a closed stream": ["import sys", "print('w')", "sys.stdout.close()", "print('w')"],
    "by a stream of its own": ["import io, sys", "sys.stdout = io.StringIO()", "print('w')"],
}


@pytest.mark.parametrize("how", WRITES)
def test_output_is_dropped_or_cut(kernel, how):
    said = kernel.run(answer(*WRITES[how], "return right(x, a)"))
    assert said.error == ""
    assert said.text.startswith("✓ leaky_memory: correct.")
    assert len(said.text) < 400
    assert said.shown == []
    assert_unharmed(kernel)


THREADS = {
    "a thread": ["import threading, time", "def go():", "    while True:",
                 "        time.sleep(0.02); print('from a thread')",
                 "threading.Thread(target=go, daemon=True).start()"],
    "a thread that catches all": [
        "import threading, time", "def go():", "    while True:",
        "        try:", "            time.sleep(0.02); print('from a thread')",
        "        except BaseException: pass", "threading.Thread(target=go, daemon=True).start()"],
    "a timer": ["import threading", "def go(): print('from a thread')",
                "threading.Timer(0.5, go).start()"],
}


@pytest.mark.parametrize("what", THREADS)
def test_a_thread_that_goes_on_is_stopped_and_not_heard(kernel, what):
    kernel.run(answer(*THREADS[what], "return right(x, a)"))
    assert_unharmed(kernel)
    later = kernel.run("import time; time.sleep(1); print('quiet')")
    assert later.text == "quiet\n"
    assert_unharmed(kernel)
    alive = kernel.run("import threading\nfor _ in range(300):\n    time.sleep(0.1)\n    "
                       "left = [t for t in threading.enumerate() if 'go' in t.name]\n"
                       "    if not left: break\nprint(left)")
    assert alive.text == "[]\n"


def test_what_is_left_behind_prints_nothing_later(kernel):
    kernel.run(answer("import time", "while True:", "    try:", "        time.sleep(12)",
                      "        print('late')", "    except BaseException: print('late')"))
    assert_unharmed(kernel)
    later = kernel.run("import time; time.sleep(15); print('quiet')")
    assert later.text == "quiet\n"
    assert_unharmed(kernel)


def test_a_check_of_another_exercise_inside_a_function_is_harmless(kernel):
    said = kernel.run(answer("check.last_step(lambda x: x[:, -1])", "return right(x, a)"))
    assert said.text.startswith("✓ leaky_memory: correct.")
    assert "✓ last_step: correct." in said.text
    assert_unharmed(kernel)


IMPORTS = {
    "a statement": "import slow_module",
    "a function": "import importlib; importlib.import_module('slow_module')",
    "a lazy import": (
        "import importlib.util, sys; spec = importlib.util.find_spec('slow_module'); "
        "spec.loader = importlib.util.LazyLoader(spec.loader); "
        "module = importlib.util.module_from_spec(spec); sys.modules['slow_module'] = module; "
        "spec.loader.exec_module(module); module.value"),
}
SLOW = """import time
start = time.process_time()
while time.process_time() - start < 2: pass
{wait}
value = 7
"""


@pytest.mark.parametrize("how", IMPORTS)
def test_an_import_is_not_on_the_clock(kernel, how):
    write = f"from pathlib import Path; Path('slow_module.py').write_text({SLOW!r})"
    kernel.run(write.replace("{wait}", "time.sleep(8)" if how == "a statement" else ""))
    said = kernel.run("import sys; sys.modules.pop('slow_module', None); sys.path.insert(0, '.')\n"
                      + answer(IMPORTS[how], "return right(x, a)"))
    assert said.text == "✓ leaky_memory: correct.\n"
    assert kernel.run("import slow_module; print(slow_module.value)").text == "7\n"


@pytest.mark.parametrize("inner", ["time.sleep(40)", "while True: pass"])
def test_a_check_inside_that_hangs_silences_nothing(kernel, inner):
    said = kernel.run(answer("import time", "def other(x):", f"    {inner}",
                             "check.last_step(other)", "return right(x, a)"))
    assert said.error == ""
    assert "leaky_memory: " in said.text
    assert_unharmed(kernel)


def test_ctrl_c_interrupts_a_check(kernel):
    cell = kernel.start(answer("while True: pass").replace("check.", "print('go'); check."))
    time.sleep(2)
    kernel.manager.interrupt_kernel()
    assert kernel.outputs(cell).error.startswith("KeyboardInterrupt")
    assert_unharmed(kernel)


def test_what_an_answer_leaves_behind_is_put_back(kernel):
    state = ("import os, sys, warnings, random, threading, math, builtins\n"
             "print(os.getcwd(), os.environ.get('LEFT'), sys.getrecursionlimit(), "
             "len(warnings.filters), np.geterr(), np.get_printoptions()['precision'], "
             "np.allclose, math.tanh, len, sys.stdout, sys.stderr, sys.__stdout__, "
             "sys.gettrace(), sys.path, np.random.get_state()[1][:3], random.random(), "
             "threading.gettrace())")
    kernel.run("import random; random.seed(3)")
    before = kernel.run(state)
    said = kernel.run("random.seed(3)\n" + answer(
        "import os, sys, warnings, random, threading, math, builtins",
        "os.chdir('/'); os.environ['LEFT'] = '1'; sys.setrecursionlimit(10**5)",
        "warnings.simplefilter('error'); np.seterr(all='raise')",
        "np.set_printoptions(precision=2); np.allclose = lambda *a, **k: True",
        "math.tanh = abs; builtins.len = lambda x: 3; sys.path.append('left')",
        "sys.stdout = sys.stderr = sys.__stdout__ = None; sys.settrace(lambda *a: None)",
        "threading.settrace(print); np.random.seed(0); random.seed(0)", "return x"))
    assert "values differ" in said.text
    after = kernel.run(state)
    assert after.text == before.text


def test_a_replaced_numpy_judges_nothing_and_stays_the_notebooks_own(kernel):
    kernel.run("real = np.allclose, np.isclose, abs\n"
               "np.allclose = np.isclose = lambda *a, **k: True")
    assert "values differ" in kernel.run("check.leaky_memory(lambda x, a: x)").text
    after = kernel.run("print(np.allclose(1, 2)); np.allclose, np.isclose, _ = real")
    assert after.text == "True\n"


def test_recursion_limits_hold_while_an_answer_runs(kernel):
    said = kernel.run(answer("import sys", "before = sys.getrecursionlimit()",
                             "sys.setrecursionlimit(10**6)",
                             "assert sys.getrecursionlimit() == before", "return right(x, a)"))
    assert said.text == "✓ leaky_memory: correct.\n"


def test_a_coroutine_is_named_and_warns_of_nothing(kernel):
    said = kernel.run("async def leaky_memory(x, a):\n    return x\n"
                      "check.leaky_memory(leaky_memory)")
    assert "async def" in said.text
    assert "RuntimeWarning" not in said.text


def test_a_call_that_held_the_interpreter_is_named_by_the_next_kernel(tmp_path):
    held = answer("import re", "re.match(r'(a+)+$', 'a' * 60 + 'b')", "return right(x, a)")
    with Kernel(tmp_path) as first:
        first.start(held)
        deadline = time.monotonic() + 120
        notes = tmp_path / "recurrent-networks-course" / "checks"
        while time.monotonic() < deadline and not any(
                "Timeout" in p.read_text() for p in notes.glob("*.txt")):
            time.sleep(0.5)
        with Kernel(tmp_path) as beside:            # it lives: not a word about it
            assert beside.run(RIGHT).text == "printed\n✓ leaky_memory: correct.\n"
    with Kernel(tmp_path) as second:
        said = second.run(RIGHT).text
        assert "check.leaky_memory never came back" in said
        assert "line 3 of its cell, `re.match(" in said
        assert said.endswith("✓ leaky_memory: correct.\n")
        assert_unharmed(second)


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "recurrent-networks-course").write_text("a file, not a folder")
    with Kernel(tmp_path) as kernel:
        assert_unharmed(kernel)


def test_somebody_elses_alarm_is_left_alone(kernel):
    kernel.run("import faulthandler, time; file = open('alarm.txt', 'w+')\n"
               "faulthandler.dump_traceback_later(3, file=file)")
    assert_unharmed(kernel)
    said = kernel.run("time.sleep(5); file.seek(0); print('Timeout' in file.read())")
    assert said.text == "True\n"
