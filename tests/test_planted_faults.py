"""The tests of the cells must notice a fault: plant each in the source and see them fail."""

import importlib.util
import inspect
import sys

import numpy as np
import pytest

from tests import test_gated_cells as battery
from utils import cells

MASKED, ALL = ("ragged mask",), ("no mask", "ragged mask")


def lstm_tests(variants=("plain",), masks=ALL):
    for mask in masks:
        yield lambda mask=mask: battery.test_lstm_is_keras_lstm(mask)
    for variant in variants:
        for mask in masks:
            yield lambda v=variant, m=mask: (
                battery.test_lstm_gradients_are_finite_differences(v, m))
        yield lambda v=variant: (
            battery.test_lstm_variants_follow_their_equations_one_number_at_a_time(v))


def gru_tests(reset_after=True, masks=ALL):
    for mask in masks:
        yield lambda mask=mask: battery.test_gru_is_keras_gru(reset_after, mask)
        yield lambda mask=mask: (
            battery.test_gru_gradients_are_finite_differences(reset_after, mask))


def simple_tests(masks=ALL):
    for mask in masks:
        yield lambda mask=mask: battery.test_simple_rnn_is_keras_simple_rnn("tanh", mask)
        yield lambda mask=mask: battery.test_simple_rnn_gradients_are_finite_differences(
            "tanh", mask)


def sru_tests(masks=ALL):
    for mask in masks:
        yield lambda mask=mask: battery.test_sru_gradients_are_finite_differences(mask)
    yield battery.test_the_loops_repeat_their_steps


MASK = "mask = as_mask(mask, *x.shape[:2])"
FAULTS = {      # what is wrong: (module, right line, faulty line, tests of which one must fail)
    "lstm: cell and output gate swapped": (
        "lstm", "z = all_steps(x_t, W)", "W, U, b = (np.concatenate([v[..., :2 * n], "
        "v[..., 3 * n:], v[..., 2 * n:3 * n]], -1) for v in (W, U, b)); z = all_steps(x_t, W)",
        lstm_tests),
    "lstm: input and forget gate swapped": (
        "lstm", "def _forget(gates, n, forget):\n    return gates[:, n:2 * n]",
        "def _forget(gates, n, forget):\n    return gates[:, :n]", lstm_tests),
    "lstm: bias dropped": ("lstm", "    z += b\n", "", lstm_tests),
    "lstm: recurrent gradient zeroed": (
        "lstm", "dh = d_z_t @ U.T ", "dh = 0 * dh ", lstm_tests),
    "lstm: gradient of the cell state does not cross the forget gate": (
        "lstm", 'dc = dc if forget == "none" else dc * _forget(g_t, n, forget)', "dc = 0 * dc",
        lstm_tests),
    "lstm: gradient of the recurrent kernel from h_t, not h_{t-1}": (
        "lstm", "flat_product(h[:-1], d_z)", "flat_product(h[1:], d_z)", lstm_tests),
    "lstm: a masked step forgets the cell state": (
        "lstm", "            np.copyto(c[t + 1], c[t], where=~mask[t])\n", "",
        lambda: lstm_tests(masks=MASKED)),
    "lstm: the mask is shifted by a step": (
        "lstm", "as_mask(mask, *x.shape[:2])",
        "as_mask(None if mask is None else np.roll(mask, 1, axis=1), *x.shape[:2])",
        lambda: lstm_tests(masks=MASKED)),
    "lstm: a masked step drops the gradient": (
        "lstm", "dh, dc = dh + dh_kept, dc + dc_kept", "pass",
        lambda: lstm_tests(masks=MASKED)),
    "peephole: input and forget peepholes swapped": (
        "lstm", "z_t[:, :n] += p[0] * c[t]", "z_t[:, :n] += p[1] * c[t]",
        lambda: lstm_tests(["peephole"])),
    "peephole: the output gate sees the old cell state": (
        "lstm", "z_t[:, -n:] += p[2] * c[t + 1]", "z_t[:, -n:] += p[2] * c[t]",
        lambda: lstm_tests(["peephole"])),
    "coupled: the forget gate is i, not 1 - i": (
        "lstm", "else 1 - gates[:, :n]", "else gates[:, :n]", lambda: lstm_tests(["coupled"])),
    "no forget: the cell state decays by i": (
        "lstm", 'c[t] if forget == "none" else', "", lambda: lstm_tests(["no forget"])),
    "no output tanh: it is there": (
        "lstm", "if output_tanh else np.copyto(tanh_c[t], c[t + 1])", "",
        lambda: lstm_tests(["no output tanh"])),
    "gru: update gate the other way round": (
        "gru", "z_t, r_t, g_t = a_t[:, :n], a_t[:, n:2 * n], a_t[:, 2 * n:]",
        "z_t, r_t, g_t = 1 - a_t[:, :n], a_t[:, n:2 * n], a_t[:, 2 * n:]", gru_tests),
    "gru: update and reset gate swapped": (
        "gru", "z_t, r_t, g_t = a_t[:, :n], a_t[:, n:2 * n], a_t[:, 2 * n:]",
        "r_t, z_t, g_t = a_t[:, :n], a_t[:, n:2 * n], a_t[:, 2 * n:]", gru_tests),
    "gru: recurrent bias dropped": ("gru", "            s += b[1]\n", "", gru_tests),
    "gru: recurrent gradient zeroed": (
        "gru", "dh = d_prev + kept_share", "dh = kept_share", gru_tests),
    "gru, reset before: reset after": (
        "gru", "else (r_t * past[t]) @ U_h", "else r_t * (past[t] @ U_h)",
        lambda: gru_tests(reset_after=False)),
    "gru: a masked step moves the state": (
        "gru", "            np.copyto(h[t + 1], h[t], where=~mask[t])\n",
        "            pass\n", lambda: gru_tests(masks=MASKED)),
    "simple: bias dropped": ("simple_rnn", "all_steps(x_t, W) + b", "all_steps(x_t, W)",
                             simple_tests),
    "simple: recurrent gradient zeroed": (
        "simple_rnn", "d_next = d_z_t @ U.T ", "d_next = 0 * d_next ", simple_tests),
    "simple: a masked step hands no gradient on": (
        "simple_rnn", "d_next += d_state * ~mask[t]", "pass",
        lambda: simple_tests(masks=MASKED)),
    "simple: the mask is turned round": (
        "simple_rnn", "np.where(mask[t], h[t + 1], h[t])", "np.where(mask[t], h[t], h[t + 1])",
        lambda: simple_tests(masks=MASKED)),
    "sru: forget and reset gate swapped": (
        "sru", "f_t, r_t = gates[:, :n], gates[:, n:]", "r_t, f_t = gates[:, :n], gates[:, n:]",
        sru_tests),
    "sru: bias dropped": ("sru", "    p[..., n:3 * n] += b.ravel()\n", "", sru_tests),
    "sru: recurrent gradient zeroed": (
        "sru", "dc = dc * f_t + d_a * v[0] + d_e * v[1]", "dc = dc * f_t", sru_tests),
    "sru: a masked step shows no output": (
        "sru", "np.copyto(h[t], last, where=~mask[t])", "h[t] *= mask[t]",
        lambda: sru_mask_tests()),
}


def sru_mask_tests():
    yield lambda: battery.test_a_mask_does_what_leaving_the_steps_out_does("sru")


def planted(module, right, faulty):
    """Return the module made of its source with one line changed."""
    original = importlib.import_module(f"utils.cells.{module}")
    source = inspect.getsource(original)
    assert source.count(right) == 1, f"renew the list: {right!r} is not one place of {module}"
    spec = importlib.util.spec_from_loader(f"utils.cells.{module}_planted", loader=None)
    copy = importlib.util.module_from_spec(spec)
    copy.__package__ = "utils.cells"
    exec(compile(source.replace(right, faulty), f"{module} with a fault", "exec"), copy.__dict__)
    return copy


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault, monkeypatch):
    module, right, faulty, tests = FAULTS[fault]
    copy = planted(module, right, faulty)
    for name in copy.__all__:
        monkeypatch.setattr(cells, name, getattr(copy, name))
    caught = 0
    for test in tests():
        try:
            with np.errstate(all="ignore"):
                test()
        except AssertionError:
            caught += 1
    assert caught, f"no test noticed: {fault}"


def test_the_same_tests_pass_without_a_fault():
    for _, _, _, tests in {id(fault[3]): fault for fault in FAULTS.values()}.values():
        for test in tests():
            test()
    assert "utils.cells.lstm_planted" not in sys.modules
