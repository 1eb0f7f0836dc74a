"""The face that all cells share: states, masks, gradients, steps, and what is refused."""

import inspect

import numpy as np
import pytest

from tests.by_hand.cases import (
    BATCH,
    CELLS,
    FEATURES,
    MASKS,
    RAGGED,
    TIME,
    UNITS,
    like,
    parts,
)
from utils import by_hand as cells
from utils.by_hand import numerical_gradient, relative_error

every_cell = pytest.mark.parametrize("kind", CELLS)
every_mask = pytest.mark.parametrize("mask", MASKS)
HELD = np.array([[1, 1, 0, 1, 1, 0]] * BATCH, bool)     # every part that is run starts really


def inner(a, b):
    """Return the sum of products of two states, or of two arrays."""
    return sum(float((left * right).sum()) for left, right in zip(parts(a), parts(b),
                                                                  strict=True))


def same(a, b, atol=1e-12):
    for left, right in zip(parts(a), parts(b), strict=True):
        np.testing.assert_allclose(left, right, atol=atol)


def weighed(cell, rng):
    """Return weights of a loss for all outputs and for the last state."""
    return rng.normal(size=(BATCH, TIME, UNITS)), like(
        cell.case(rng)["state"], lambda a: rng.normal(size=a.shape))


@pytest.mark.parametrize("word", sorted({cell.word for cell in CELLS.values()}))
def test_all_cells_are_called_alike(word):
    """What a reader learns of one cell holds for the next: names, order, defaults."""
    forward = inspect.signature(getattr(cells, f"{word}_forward")).parameters
    backward = inspect.signature(getattr(cells, f"{word}_backward")).parameters
    assert list(forward)[:2] == ["x", "state"]
    assert forward["mask"].default is None
    assert list(backward)[:4] == ["d_h", "cache", "d_state", "keep_states"]
    assert backward["d_state"].default is None and backward["keep_states"].default is False


@every_mask
@every_cell
def test_gradients_are_finite_differences(kind, mask):
    """By outputs and by the last state, for x, the first state and every weight."""
    cell, mask, rng = CELLS[kind], MASKS[mask], np.random.default_rng(1)
    case = cell.case(rng)
    weigh, weigh_state = weighed(cell, rng)

    def loss_of(case):
        h, state, _ = cell.forward(case, mask)
        return inner(h, weigh) + inner(state, weigh_state)

    gradients = cell.backward(weigh, cell.forward(case, mask)[2], weigh_state)
    assert list(gradients) == list(case)
    for name, value in case.items():
        for k, array in enumerate(parts(value)):
            def moved(new, name=name, value=value, k=k):
                changed = list(parts(value))
                changed[k] = new
                return loss_of(case | {name: tuple(changed) if isinstance(value, tuple)
                                       else new})

            found = parts(gradients[name])[k]
            assert found.shape == array.shape
            assert relative_error(found, numerical_gradient(moved, array)) < 1e-6, (name, k)


@every_mask
@every_cell
def test_two_runs_joined_by_the_returned_state_are_one(kind, mask):
    cell, mask = CELLS[kind], MASKS[mask]
    case = cell.case(np.random.default_rng(2))
    whole, last, _ = cell.forward(case, mask)
    cut = lambda at: None if mask is None else mask[:, at]
    first, state, _ = cell.forward(case | {"x": case["x"][:, :3]}, cut(slice(3)))
    second, end, _ = cell.forward(case | {"x": case["x"][:, 3:], "state": state},
                                  cut(slice(3, None)))
    same(np.concatenate([first, second], axis=1), whole)
    same(end, last)


@every_cell
def test_the_returned_state_is_what_the_last_step_shows(kind):
    """But for the SRU, whose outputs pass by its state."""
    cell = CELLS[kind]
    h, state, _ = cell.forward(cell.case(np.random.default_rng(3)))
    assert [part.shape for part in parts(state)] == [(BATCH, UNITS)] * (2 if cell.is_lstm else 1)
    assert np.array_equal(parts(state)[0], h[:, -1]) is (kind != "sru")


@every_cell
def test_no_state_and_no_gradient_of_it_are_zeros(kind):
    cell, rng = CELLS[kind], np.random.default_rng(4)
    case = cell.case(rng)
    zero, weigh = like(case["state"], np.zeros_like), weighed(cell, rng)[0]
    h, state, cache = cell.forward(case | {"state": None})
    h_zero, state_zero, cache_zero = cell.forward(case | {"state": zero})
    same(h, h_zero)
    same(state, state_zero)
    gradients = cell.backward(weigh, cache)
    for name, gradient in cell.backward(weigh, cache_zero, zero).items():
        same(gradients[name], gradient)


def slope_by_c(cell, case, x_t, state, h_t):
    """Return dh_t / dc_t: c_t is read by the output of its own step too."""
    if cell.word == "sru":
        s_t = x_t @ case["W"][:, -UNITS:]
        return (h_t - s_t) / (state - s_t)              # r_t, since h = r c + (1 - r) s
    c = state[1]
    bent, slope = (np.tanh(c), 1 - np.tanh(c) ** 2) if cell.options.get(
        "output_tanh", True) else (c, 1)
    o_t = h_t / bent
    peephole = case.get("peephole", np.zeros((3, UNITS)))[2]
    return o_t * slope + bent * o_t * (1 - o_t) * peephole


@pytest.mark.parametrize("mask", [None, HELD], ids=["no mask", "mask"])
@every_cell
def test_gradients_by_every_state_are_those_of_a_run_started_there(kind, mask):
    """dL/d state_t: what a run from there says, and what the output of step t adds."""
    cell, rng = CELLS[kind], np.random.default_rng(5)
    case = cell.case(rng)
    weigh, weigh_state = weighed(cell, rng)
    cache = cell.forward(case, mask)[2]
    gradients = cell.backward(weigh, cache, weigh_state, keep_states=True)
    assert list(gradients) == [*case, "states"]
    for name, gradient in cell.backward(weigh, cache, weigh_state).items():
        same(gradient, gradients[name], atol=0)         # keeping them changes nothing else
    for t in (0, 2, 3):
        before, after = slice(t + 1), slice(t + 1, None)
        h, state, _ = cell.forward(case | {"x": case["x"][:, before]},
                                   None if mask is None else mask[:, before])
        rest = cell.forward(case | {"x": case["x"][:, after], "state": state},
                            None if mask is None else mask[:, after])[2]
        later = cell.backward(weigh[:, after], rest, weigh_state)["state"]
        real = mask is None or mask[0, t]
        by_h = parts(later)[0] + weigh[:, t]            # h_t is also the output of step t
        if cell.word == "sru" or cell.is_lstm:
            slope = real * slope_by_c(cell, case, case["x"][:, t], state, h[:, t])
        wanted = later + slope * weigh[:, t] if cell.word == "sru" else (
            (by_h, later[1] + slope * by_h) if cell.is_lstm else by_h)
        same(like(gradients["states"], lambda a, t=t: a[:, t]), wanted, atol=1e-10)
        assert all(a.shape == (BATCH, TIME, UNITS) for a in parts(gradients["states"]))


@every_cell
def test_a_mask_does_what_leaving_the_steps_out_does(kind):
    cell = CELLS[kind]
    case = cell.case(np.random.default_rng(6))
    h, state, _ = cell.forward(case, RAGGED)
    for row, real in enumerate(RAGGED):
        short = {"x": case["x"][[row]][:, real], "state": like(case["state"],
                                                               lambda a, r=row: a[[r]])}
        h_short, state_short, _ = cell.forward(case | short)
        same(h[[row]][:, real], h_short)
        same(like(state, lambda a, r=row: a[[r]]), state_short)
        shown = np.zeros(UNITS)                 # a masked step repeats the last output, 0 at first
        for t in range(TIME):
            shown = h[row, t] if real[t] else shown
            np.testing.assert_array_equal(h[row, t], shown)


@pytest.mark.parametrize("kind", ["simple", "lstm", "gru", "gru, reset before", "sru"])
def test_the_loop_repeats_its_step(kind):
    cell = CELLS[kind]
    case = cell.case(np.random.default_rng(7))
    h, last, _ = cell.forward(case)
    weights, step = [case[name] for name in cell.shapes], getattr(cells, f"{cell.word}_step")
    state = parts(case["state"])
    for t in range(TIME):
        found = parts(step(case["x"][:, t], *state, *weights, **cell.options))
        h_t, state = found[0], found[1:] if kind == "sru" else found
        same(h[:, t], h_t)
    same(last, state if cell.is_lstm else state[0])


@every_mask
@every_cell
def test_float32_stays_and_inputs_are_left_alone(kind, mask):
    cell, rng = CELLS[kind], np.random.default_rng(8)
    case = cell.case(rng, np.float32)
    before = {name: like(value, np.copy) for name, value in case.items()}
    weigh, weigh_state = (like(a, np.float32) for a in weighed(cell, rng))
    weigh_before = weigh.copy(), like(weigh_state, np.copy)
    h, state, cache = cell.forward(case, MASKS[mask])
    gradients = cell.backward(weigh, cache, weigh_state, keep_states=True)
    for value in (h, state, *gradients.values()):
        assert [a.dtype for a in parts(value)] == [np.float32] * len(parts(value))
    same((weigh, *parts(weigh_state)), (weigh_before[0], *parts(weigh_before[1])), atol=0)
    for name, value in before.items():
        same(case[name], value, atol=0)


@every_cell
def test_what_does_not_fit_is_named(kind):
    cell, rng = CELLS[kind], np.random.default_rng(9)
    case = cell.case(rng)
    wide = np.ones((BATCH, UNITS + 1))
    *_, cache = cell.forward(case)
    for name, wrong in [("x", np.ones((TIME, FEATURES))), ("x", np.ones((BATCH, 0, FEATURES))),
                        ("state", like(case["state"], lambda a: wide)),
                        *((name, np.ones((1, 7))) for name in cell.shapes)]:
        with pytest.raises(ValueError, match=r"must .*\("):
            cell.forward(case | {name: wrong})
    with pytest.raises(ValueError, match=r"mask.*\(3, 6\).*\(3, 5\)"):
        cell.forward(case, np.ones((BATCH, TIME - 1), bool))
    with pytest.raises(ValueError, match=r"d_h.*\(3, 6, 5\).*got \(3, 5\)"):
        cell.backward(np.ones((BATCH, UNITS)), cache)
    with pytest.raises(ValueError, match=r"d_state.*\(3, 5\).*got \(3, 6\)"):
        cell.backward(np.ones((BATCH, TIME, UNITS)), cache, like(case["state"], lambda a: wide))


def test_an_lstm_asks_for_a_pair():
    cell = CELLS["lstm"]
    case = cell.case(np.random.default_rng(10))
    with pytest.raises(ValueError, match=r"state.*\(h, c\).*3 parts"):
        cell.forward(case | {"state": case["state"][0]})


def test_an_unknown_option_is_named():
    case = CELLS["simple"].case(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"relu.*got 'swish'"):
        cells.simple_rnn_forward(**case, activation="swish")
    case = CELLS["lstm"].case(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"coupled.*got 'never'"):
        cells.lstm_variant_forward(**case, forget="never")


@every_mask
def test_the_variant_without_an_option_is_the_lstm(mask):
    rng = np.random.default_rng(11)
    case = CELLS["lstm"].case(rng)
    weigh, weigh_state = weighed(CELLS["lstm"], rng)
    found = []
    for kind in ("lstm", "no variant"):
        h, state, cache = CELLS[kind].forward(case, MASKS[mask])
        gradients = CELLS[kind].backward(weigh, cache, weigh_state, keep_states=True)
        found.append([h, *state, *(a for g in gradients.values() for a in parts(g))])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_array_equal(ours, theirs)
