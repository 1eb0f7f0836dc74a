"""Checks of lesson 07: two readers, causality, parameters of stacks, a projection."""

import numpy as np

from ..cells import gru_forward
from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number

BATCH, TIME, FEATURES, UNITS = 3, 6, 4, 5
LOOSE = {"rtol": 1e-4, "atol": 1e-5}


def _reader(rng):
    """Return a function that runs a random GRU from the first step to the last."""
    W, U = rng.normal(size=(FEATURES, 3 * UNITS)), rng.normal(size=(UNITS, 3 * UNITS))
    b = rng.normal(size=(2, 3 * UNITS))
    return lambda x: gru_forward(x, np.zeros((len(x), UNITS)), W, U, b)[0]


# --- two readers ------------------------------------------------------------------------------

bidirectional = Exercise("bidirectional", hints={
    "not_turned_in": ("Both of your readers read from the left.",
                      "Give the second one x[:, ::-1]; x[::-1] would turn the batch round."),
    "not_turned_back": ("The second reader's outputs come in its own order: last step first.",
                        "Turn them round again along time before you join."),
    "backward_first": ("The right halves, in the other order.", "Forward comes first."),
    "features_turned": ("You turned the features round, not the time.", "x[:, ::-1]."),
    "summed": ("Side by side, not added: the result has 2 * units columns.",
               "np.concatenate([...], axis=-1)."),
    "joined_in_time": ("You joined along time: twice as many steps.", "axis=-1."),
    "same_reader": ("The same reader twice: the second function is never called.",
                    "run_backward reads the sequence that is turned round."),
})


@bidirectional.part("outputs")
def _(rng, answer):
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    one, two = _reader(rng), _reader(rng)
    f, turned = one(x), two(x[:, ::-1])
    g = turned[:, ::-1]
    join = lambda *parts: np.concatenate(parts, axis=-1)
    value = answer(x, one, two)
    shape = getattr(value, "shape", None)
    expect(shape != (BATCH, TIME, UNITS) or not np.allclose(value, f + g, **LOOSE),
           "You added the two outputs.", "summed")
    expect(shape != (BATCH, 2 * TIME, UNITS), "Your result has twice as many steps.",
           "joined_in_time")
    expect_close(value, join(f, g), "the output", axes="(batch, time, 2 * units)", mistakes={
        "not_turned_in": join(f, two(x)), "not_turned_back": join(f, turned),
        "backward_first": join(g, f), "same_reader": join(f, one(x[:, ::-1])[:, ::-1]),
        "features_turned": join(f, two(x[..., ::-1])[..., ::-1]),
    }, **LOOSE)


# --- causality --------------------------------------------------------------------------------

is_causal = Exercise("is_causal", hints={
    "one_change": ("Your test changes the input at one step only, and this model looks from "
                   "another one.", "Try every step from the second on."),
    "changed_step_counted": ("An output may change at the changed step, and after it.",
                             "Compare the outputs of the steps before the change only."),
    "always_true": ("You call every model causal. What does this one do with the last step?",
                    "Change a later input and compare the earlier outputs."),
    "inverted": ("You return True for the models that do look ahead.",),
    "one_step_ahead": ("This one looks a single step ahead. Which outputs did you compare?",
                       "After a change at step t, all outputs up to t - 1 count: [:, :t]."),
    "not_bool": ("Return True or False.",),
})


def _models(rng):
    """Return {name: (function, is it causal)}."""
    reader, A = _reader(rng), rng.normal(size=(FEATURES, 2))

    def shift(x, k):
        return np.concatenate([x[:, k:], np.zeros_like(x[:, :k])], axis=1)

    return {
        "recurrent": (reader, True),
        "step by step": (lambda x: np.tanh(x @ A), True),
        "mean so far": (lambda x: np.cumsum(x, axis=1), True),
        "read backwards": (lambda x: reader(x[:, ::-1])[:, ::-1], False),
        "centred by the whole mean": (lambda x: x - x.mean(axis=1, keepdims=True), False),
        "one step ahead": (lambda x: x @ A + 0.5 * shift(x, 1) @ A, False),
        "peeks at the third step": (
            lambda x: np.cumsum(x, axis=1) + (np.arange(x.shape[1]) < 2)[:, None] * x[:, 2:3],
            False),
    }


@is_causal.part("models that do not look ahead")
def _(rng, test):
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    for name, (model, causal) in _models(rng).items():
        if causal:
            value = _verdict(test(model, x), name)
            expect(value or not _is_inverted(test, rng), f"A causal model ({name}) is said to "
                   "look ahead.", "inverted")
            expect(value, f"A causal model ({name}) is said to look ahead.",
                   "changed_step_counted")


@is_causal.part("models that do")
def _(rng, test):
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    missed = [name for name, (model, causal) in _models(rng).items()
              if not causal and _verdict(test(model, x), name)]
    if not missed:
        return
    mistake = ("always_true" if "read backwards" in missed else
               "one_step_ahead" if "one step ahead" in missed else "one_change")
    expect(False, f"A model that looks ahead ({missed[-1]}) is said to be causal.", mistake)


def _verdict(value, name):
    expect(isinstance(value, (bool, np.bool_)), f"For a model ({name}) you return "
           f"{type(value).__name__}, not True or False.", "not_bool")
    return bool(value)


def _is_inverted(test, rng):
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    return all(bool(test(model, x)) != causal for model, causal in _models(rng).values())


# --- parameters of a stack --------------------------------------------------------------------

stack_parameters = Exercise("stack_parameters", hints={
    "same_input": ("You count every layer as if it read the features.",
                   "From the second layer on, the input is the output of the layer below."),
    "first_only": ("All layers but the first are missing.", "Sum over depth layers."),
    "not_doubled": ("The layer above a bidirectional one reads both outputs side by side.",
                    "Its input has 2 * units columns."),
    "one_direction": ("A bidirectional layer is two layers.", "Count each layer twice."),
    "no_bias": ("The biases are missing.", "features + units + 1, four blocks."),
    "one_block": ("An LSTM has four blocks.",),
})


def _count(depth, m, n, both=False, *, blocks=4, bias=1, wide=True, double=True, follow=True):
    k, total = (2 if both and double else 1), 0
    for _ in range(depth):
        total += k * blocks * n * (m + n + bias)
        m = ((2 if both and wide else 1) * n) if follow else m
    return total


@stack_parameters.part("one direction")
def _(rng, answer):
    depth, m, n = int(rng.integers(2, 5)), int(rng.integers(3, 9)), int(rng.integers(11, 30))
    name = f"{depth} layers, {m} features, {n} units"
    expect_close(expect_number(answer(depth, m, n), name, whole=True), _count(depth, m, n), name,
                 whole=True, mistakes={
        "same_input": _count(depth, m, n, follow=False), "first_only": _count(1, m, n),
        "no_bias": _count(depth, m, n, bias=0), "one_block": _count(depth, m, n, blocks=1),
    })


@stack_parameters.part("both directions")
def _(rng, answer):
    depth, m, n = int(rng.integers(2, 5)), int(rng.integers(3, 9)), int(rng.integers(11, 30))
    name = f"{depth} bidirectional layers, {m} features, {n} units"
    expect_close(expect_number(answer(depth, m, n, True), name, whole=True),
                 _count(depth, m, n, True), name, whole=True, mistakes={
        "same_input": _count(depth, m, n, True, follow=False),
        "first_only": _count(1, m, n, True),
        "not_doubled": _count(depth, m, n, True, wide=False),
        "one_direction": _count(depth, m, n, True, double=False),
        "no_bias": _count(depth, m, n, True, bias=0),
        "one_block": _count(depth, m, n, True, blocks=1),
    })


# --- projection -------------------------------------------------------------------------------

project = Exercise("project", hints={
    "not_centred": ("Directions of largest *variance*: the mean has to go first.",
                    "states - states.mean(axis=0)."),
    "smallest": ("You keep the directions in which the states vary least.",
                 "np.linalg.eigh sorts upwards: take the last ones, the largest first."),
    "first_units": ("Those are two units, not two directions.",
                    "Multiply the centred states by the first rows of V^T, transposed."),
    "unit_variance": ("Your columns are scaled; the projection keeps their size.",
                      "centred @ directions.T, without dividing."),
    "order": ("The right two directions, in the wrong order.", "The largest variance first."),
    "over_units": ("You centred each state by itself.", "The mean over the samples: axis=0."),
})


@project.part("two directions")
def _(rng, answer):
    scale = np.array([3.0, 0.4, 2.0, 0.2, 0.9, 0.1])
    turn, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    states = (rng.normal(size=(200, 6)) * scale) @ turn + rng.normal(scale=2, size=6)

    def plane(data, pick=slice(0, 2)):
        _, s, v = np.linalg.svd(data, full_matrices=False)
        return data @ v[pick].T, s

    centred = states - states.mean(axis=0)
    right, s = plane(centred)
    value = expect_array(answer(states.copy()), "the projection", (200, 2),
                         "(samples, dimensions)")

    def like(other):
        return np.allclose(np.abs(value), np.abs(other), rtol=1e-3, atol=1e-4)

    uncentred = plane(states)[0]
    own_mean = states - states.mean(axis=1, keepdims=True)
    mistakes = {
        "order": right[:, ::-1], "smallest": plane(centred, [-1, -2])[0],
        "not_centred": uncentred, "first_units": centred[:, :2],
        "unit_variance": right / s[:2], "over_units": plane(own_mean)[0],
    }
    extra = {"smallest": [plane(centred, [-2, -1])[0]], "first_units": [states[:, :2]],
             "not_centred": [states @ np.linalg.svd(centred, full_matrices=False)[2][:2].T],
             "unit_variance": [right / s[:2] * np.sqrt(200), right / s[:2] * np.sqrt(199)]}
    if not like(right):
        for mistake, wrong in mistakes.items():
            expect(not any(like(w) for w in [wrong, *extra.get(mistake, [])]),
                   "The projection is wrong.", mistake)
        expect(False, "The projection is wrong: neither of the two columns, up to its sign, "
               "is what the directions of largest variance give.")


@project.part("one direction")
def _(rng, answer):
    states = rng.normal(size=(50, 4)) * [1, 5, 1, 1] + 3
    value = expect_array(answer(states.copy(), 1), "the projection", (50, 1),
                         "(samples, dimensions)")
    centred = states - states.mean(axis=0)
    right = centred @ np.linalg.svd(centred, full_matrices=False)[2][:1].T
    expect(np.allclose(np.abs(value), np.abs(right), rtol=1e-3, atol=1e-4),
           "With dimensions=1 the projection is wrong.")


seal(__name__)
