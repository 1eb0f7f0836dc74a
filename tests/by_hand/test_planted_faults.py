"""The tests of the cells must notice a fault: plant each and see them fail.

A fault replaces a public function by a wrong one that is made of the right one: other weights or
another mask go in, something is changed on its way out, or between two steps (`Stepped`). So
nothing here depends on how a cell is written. That the wrong function is the one in use, and that
it computes something else, is asked of each fault.
"""

import sys

import numpy as np
import pytest

from tests.by_hand import test_cells as face
from tests.by_hand import test_cells_against_keras as against_keras
from tests.by_hand.cases import CELLS, RAGGED, UNITS, like, parts
from utils import by_hand as cells

MASKED, ALL = ("ragged mask",), ("no mask", "ragged mask")
N = UNITS


# --- what is run with a fault planted ------------------------------------------------------


def watchers(kind, masks):
    for mask in masks:
        if kind in against_keras.LAYERS:
            yield lambda mask=mask: against_keras.test_cell_is_keras_layer(kind, mask)
        yield lambda mask=mask: face.test_gradients_are_finite_differences(kind, mask)
    if CELLS[kind].is_lstm:
        yield lambda: against_keras.test_lstms_follow_their_equations_one_number_at_a_time(kind)
    if kind == "sru" and masks == MASKED:
        yield lambda: face.test_a_mask_does_what_leaving_the_steps_out_does(kind)
    elif kind == "sru":
        yield lambda: face.test_the_loop_repeats_its_step(kind)


def results(kind):
    """Return all arrays that a run with a ragged mask and its way back come to."""
    cell, rng = CELLS[kind], np.random.default_rng(20)
    h, state, cache = cell.forward(cell.case(rng), RAGGED)
    gradients = cell.backward(rng.normal(size=h.shape), cache)
    return [h, *parts(state), *(a for value in gradients.values() for a in parts(value))]


# --- how a fault is planted: each takes (forward, backward) and returns the wrong two -----------


def given(change):
    """Other arguments: `change` takes a dict of them and returns what to replace."""
    def plant(forward, backward):
        return (lambda **named: forward(**named | change(named))), backward
    return plant


def shown(change):
    """Other outputs: `change(h, mask)`."""
    def plant(forward, backward):
        def wrong(**named):
            h, *rest = forward(**named)
            return change(h, named["mask"]), *rest
        return wrong, backward
    return plant


def unseen_by_backward(weight):
    """Zeros for one weight in what the forward pass keeps, so only the way back is wrong."""
    def plant(forward, backward):
        def wrong(**named):
            *results, cache = forward(**named)
            same = [np.shape(kept) == named[weight].shape and np.array_equal(kept, named[weight])
                    for kept in cache]
            assert any(same), f"the cache holds no {weight}: plant this fault in another way"
            return *results, tuple(np.zeros_like(kept) if found else kept
                                   for kept, found in zip(cache, same, strict=True))
        return wrong, backward
    return plant


class Stepped:
    """The layer as single steps of the right one, masks kept here: correct until overridden."""

    def __init__(self, forward, backward):
        self.right, self.right_back = forward, backward

    def __iter__(self):
        return iter((self.forward, self.backward))

    def step(self, x_t, state, rest):
        return self.right(x=x_t[:, None], state=state, **rest)

    def after(self, real, new, old):
        """Return the parts of the state after a step, from those that it computed."""
        return [np.where(real, a, b) for a, b in zip(new, old, strict=True)]

    def before(self, gradients, kept):
        """Return the gradient by the parts of the state before a step, and what skipped it."""
        return [a + b for a, b in zip(gradients, kept, strict=True)]

    def forward(self, x, state, mask=None, **rest):
        mask = np.ones(x.shape[:2], bool) if mask is None else mask
        whole = lambda held: tuple(held) if isinstance(state, tuple) else held[0]
        held = list(parts(state))
        caches, outputs, h_t = [], [], np.zeros_like(held[0])
        for t in range(x.shape[1]):
            real = mask[:, t, None]
            h, new, cache = self.step(x[:, t], whole(held), rest)
            h_t, held = np.where(real, h[:, 0], h_t), self.after(real, parts(new), held)
            caches.append((cache, real))
            outputs.append(h_t)
        return np.stack(outputs, 1), whole(held), (caches, whole(held))

    def backward(self, d_h, cache, d_state=None):
        caches, state = cache
        zero = np.zeros_like(d_h[:, 0])
        d = list(parts(like(state, np.zeros_like) if d_state is None else d_state))
        d_shown, total, d_x = zero, {}, []
        for t in reversed(range(len(caches))):
            step_cache, real = caches[t]
            d_out = d_shown + d_h[:, t]
            d_shown, kept = d_out * ~real, [part * ~real for part in d]
            arriving = tuple(part * real for part in d)
            found = self.right_back((d_out * real)[:, None], step_cache,
                                    arriving if isinstance(state, tuple) else arriving[0])
            d_x.insert(0, found.pop("x"))
            d = self.before(parts(found.pop("state")), kept)
            total = {name: total.get(name, 0) + g for name, g in found.items()}
        whole = tuple(d) if isinstance(state, tuple) else d[0]
        return {"x": np.concatenate(d_x, 1), "state": whole, **total}


class CellStateMoves(Stepped):
    def after(self, real, new, old):
        return [super().after(real, new, old)[0], new[1]]


class StateMoves(Stepped):
    def after(self, real, new, old):
        return list(new)


class NoGradientThroughTheCell(Stepped):
    def before(self, gradients, kept):
        return [super().before(gradients, kept)[0], kept[1]]


class NothingKept(Stepped):
    def before(self, gradients, kept):
        return list(gradients)


class OutputGateSeesTheOldCell(Stepped):
    def step(self, x_t, state, rest):
        """c_{t-1} as further features that only the output gate reads, with its peephole."""
        p, W = rest["peephole"], rest["W"]
        wide = np.vstack([W, np.zeros((N, W.shape[1]), W.dtype)])
        wide[-N:, -N:] = np.diag(p[2])
        changed = {"W": wide, "peephole": np.stack([p[0], p[1], 0 * p[2]])}
        return super().step(np.hstack([x_t, state[1]]), state, rest | changed)

    def backward(self, d_h, cache, d_state=None):
        found = super().backward(d_h, cache, d_state)
        features = found["x"].shape[2] - N
        return found | {"x": found["x"][:, :, :features], "W": found["W"][:features]}


def blocks(order, signs=None):
    """The blocks of units of W, U and b in another order, or with other signs."""
    signs = signs or [1] * len(order)

    def of(weight):
        return np.concatenate([sign * weight[..., k * N:(k + 1) * N]
                               for k, sign in zip(order, signs, strict=True)], axis=-1)
    return lambda named: {name: of(named[name]) for name in ("W", "U", "b")}


def recurrent_kernel_from_the_next_state(monkeypatch):
    """Every module of the cells that sums gradients of weights by `flat_product`."""
    def wrong(a, d_z):
        return right(np.roll(a, -1, axis=0) if a.shape[-1] == N else a, d_z)

    found = {module for name, module in sys.modules.items()
             if name.startswith(cells.__name__ + ".") and hasattr(module, "flat_product")}
    right = next(iter(found)).flat_product
    for module in found:
        monkeypatch.setattr(module, "flat_product", wrong)


def roll(named):
    return {"mask": None if named["mask"] is None else np.roll(named["mask"], 1, axis=1)}


FAULTS = {      # what is wrong: (kind, how it is planted, masks of the tests that must notice)
    "lstm: cell and output gate swapped": ("lstm", given(blocks([0, 1, 3, 2])), ALL),
    "lstm: input and forget gate swapped": ("lstm", given(blocks([1, 0, 2, 3])), ALL),
    "lstm: the forget gate is the input gate": ("lstm", given(blocks([0, 0, 2, 3])), ALL),
    "lstm: bias dropped": ("lstm", given(lambda named: {"b": 0 * named["b"]}), ALL),
    "lstm: recurrent gradient zeroed": ("lstm", unseen_by_backward("U"), ALL),
    "lstm: gradient of the cell state does not cross the forget gate": (
        "lstm", NoGradientThroughTheCell, ALL),
    "lstm: gradient of the recurrent kernel from h_t, not h_{t-1}": (
        "lstm", recurrent_kernel_from_the_next_state, ALL),
    "lstm: a masked step forgets the cell state": ("lstm", CellStateMoves, MASKED),
    "lstm: the mask is shifted by a step": ("lstm", given(roll), MASKED),
    "lstm: a masked step drops the gradient": ("lstm", NothingKept, MASKED),
    "peephole: input and forget peepholes swapped": (
        "peephole", given(lambda named: {"peephole": named["peephole"][[1, 0, 2]]}), ALL),
    "peephole: the output gate sees the old cell state": (
        "peephole", OutputGateSeesTheOldCell, ALL),
    "coupled: the forget gate is i, not 1 - i": (
        "coupled", given(lambda named: blocks([0, 0, 1, 2])(named) | {"forget": "gate"}), ALL),
    "no forget: the cell state decays by i": (
        "no forget", given(lambda named: blocks([0, 0, 1, 2])(named) | {"forget": "gate"}), ALL),
    "no output tanh: it is there": (
        "no output tanh", given(lambda named: {"output_tanh": True}), ALL),
    "gru: update gate the other way round": ("gru", given(blocks([0, 1, 2], [-1, 1, 1])), ALL),
    "gru: update and reset gate swapped": ("gru", given(blocks([1, 0, 2])), ALL),
    "gru: recurrent bias dropped": (
        "gru", given(lambda named: {"b": named["b"] * np.float32([[1], [0]])}), ALL),
    "gru: recurrent gradient zeroed": ("gru", unseen_by_backward("U"), ALL),
    "gru, reset before: reset after": (
        "gru, reset before",
        given(lambda named: {"b": np.stack([named["b"], 0 * named["b"]]), "reset_after": True}),
        ALL),
    "gru: a masked step moves the state": ("gru", StateMoves, MASKED),
    "simple: bias dropped": ("simple", given(lambda named: {"b": 0 * named["b"]}), ALL),
    "simple: recurrent gradient zeroed": ("simple", unseen_by_backward("U"), ALL),
    "simple: a masked step hands no gradient on": ("simple", NothingKept, MASKED),
    "simple: the mask is turned round": (
        "simple", given(lambda named: {"mask": ~named["mask"]}), MASKED),
    "sru: forget and reset gate swapped": (
        "sru", given(lambda named: {"W": blocks([0, 2, 1, 3])(named | {"U": named["W"]})["W"],
                                    "v": named["v"][::-1], "b": named["b"][::-1]}), ALL),
    "sru: bias dropped": ("sru", given(lambda named: {"b": 0 * named["b"]}), ALL),
    "sru: recurrent gradient zeroed": ("sru", unseen_by_backward("v"), ALL),
    "sru: a masked step shows no output": (
        "sru", shown(lambda h, mask: h if mask is None else h * mask[..., None]), MASKED),
}


def plant(kind, fault, monkeypatch):
    """Put the fault into `utils.by_hand`, and assert that a run then comes to something else."""
    word, right = CELLS[kind].word, results(kind)
    if fault is recurrent_kernel_from_the_next_state:
        fault(monkeypatch)
    else:
        names = f"{word}_forward", f"{word}_backward"
        for name, wrong in zip(names, fault(*(getattr(cells, n) for n in names)), strict=True):
            monkeypatch.setattr(cells, name, wrong)
    same = [np.shape(a) == np.shape(b) and np.allclose(a, b)
            for a, b in zip(right, results(kind), strict=True)]
    assert not all(same), "the fault changes nothing: it was not reached, or it is none"


def failures(tests):
    for test in tests:
        try:
            with np.errstate(all="ignore"):
                test()
        except AssertionError as failure:
            yield failure


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault, monkeypatch):
    kind, how, masks = FAULTS[fault]
    plant(kind, how, monkeypatch)
    assert any(failures(watchers(kind, masks))), f"no test noticed: {fault}"


@pytest.mark.parametrize("kind", sorted({kind for kind, *_ in FAULTS.values()}))
def test_the_same_tests_pass_without_a_fault(kind):
    assert not list(failures(watchers(kind, ALL)))
    assert not list(failures(watchers(kind, MASKED)))


@pytest.mark.parametrize("kind", ["lstm", "peephole", "gru", "simple", "sru"])
def test_a_layer_of_single_steps_has_no_fault_of_its_own(kind, monkeypatch):
    with pytest.raises(AssertionError, match="changes nothing"):
        plant(kind, Stepped, monkeypatch)
    assert not list(failures(watchers(kind, ALL)))
