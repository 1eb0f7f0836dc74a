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
    "output_turned_only": ("Your second reader reads from the left; only its outputs are turned.",
                           "Turn twice: x[:, ::-1] goes in, and [:, ::-1] of what comes out."),
    "all_turned": ("You joined first and turned all of it: the first reader's half too.",
                   "Turn the second reader's outputs, then join."),
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
        "output_turned_only": join(f, two(x)[:, ::-1]), "all_turned": join(f, turned)[:, ::-1],
    }, **LOOSE)


# --- causality --------------------------------------------------------------------------------

is_causal = Exercise("is_causal", hints={
    "one_change": ("Your test changes the input at one step only, and this model looks from "
                   "another one.", "Try every step from the second on."),
    "changed_step_counted": ("An output may change at the changed step, and after it.",
                             "Compare the outputs of the steps before the change only, with "
                             "np.allclose: rounding may differ."),
    "always_true": ("You call every model causal. Here even the first output needs the last step.",
                    "Change a later input and compare the earlier outputs."),
    "no_change": ("The model got the same input each time.",
                  "changed = x.copy(); changed[:, t] += 1; then model(changed)."),
    "tiny_change": ("Your change is so small that no output moves beyond rounding.",
                    "Add 1, not a millionth, to the input."),
    "inverted": ("You return True for the models that do look ahead.",),
    "one_step_ahead": ("This one looks a single step ahead. Which outputs did you compare?",
                       "After a change at step t, all outputs up to t - 1 count: [:, :t]."),
    "neighbour_only": ("This one looks two steps ahead, not one. Which outputs did you compare?",
                       "After a change at step t, all outputs before it count: [:, :t]."),
    "first_output": ("The first output of this one is honest. Which others did you compare?",
                     "After a change at step t, all outputs before it count: [:, :t]."),
    "one_feature": ("This one looks ahead in one feature. Which features did you change?",
                    "Change all features of the step: changed[:, t] += 1."),
    "not_bool": ("Return True or False.",),
})


MISSED = {                              # model that was missed: the mistake that misses it
    "one step ahead": "one_step_ahead", "one step ahead in the first feature": "one_feature",
    "one step ahead in the last feature": "one_feature", "two steps ahead": "neighbour_only",
    "one step ahead, but for the first output": "first_output",
}


def _models(rng):
    """Return {name: (function of one step or more, is it causal)}."""
    reader, A = _reader(rng), rng.normal(size=(FEATURES, 2))

    def ahead(x, k=1):
        return np.concatenate([x[:, k:], np.zeros_like(x[:, :k])], axis=1)

    def but_first(x):
        seen = x @ A + ahead(x) @ A
        return np.concatenate([x[:, :1] @ A, seen[:, 1:]], axis=1)

    def third_step(x):
        outputs = np.cumsum(x, axis=1)
        outputs[:, :2] += x[:, 2:3].sum(axis=1, keepdims=True)     # nothing, if there is none
        return outputs

    return {
        "recurrent": (reader, True),
        "step by step": (lambda x: np.tanh(x @ A), True),
        "sum so far": (lambda x: np.cumsum(x, axis=1), True),
        "read backwards": (lambda x: reader(x[:, ::-1])[:, ::-1], False),
        "centred by the whole mean": (lambda x: x - x.mean(axis=1, keepdims=True), False),
        "one step ahead": (lambda x: x @ A + 0.5 * ahead(x) @ A, False),
        "one step ahead in the first feature": (lambda x: x @ A + ahead(x)[..., :1], False),
        "one step ahead in the last feature": (lambda x: x @ A + ahead(x)[..., -1:], False),
        "two steps ahead": (lambda x: x @ A + ahead(x, 2) @ A, False),
        "one step ahead, but for the first output": (but_first, False),
        "peeks at the third step": (third_step, False),
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
    models = {name: model for name, (model, causal) in _models(rng).items() if not causal}
    given = {name: [] for name in models}                   # the inputs that each model got

    def watched(name):
        return lambda x: given[name].append(np.array(x, float)) or models[name](np.asarray(x))

    missed = [name for name in models if _verdict(test(watched(name), x.copy()), name)]
    if not missed:
        return
    name, mistake = next(((n, m) for n, m in MISSED.items() if n in missed),
                         (missed[-1], "one_change"))
    if len(missed) == len(models):
        name, mistake = "read backwards", _nothing_moved(given["read backwards"])
    expect(False, f"A model that looks ahead ({name}) is said to be causal.", mistake)


def _nothing_moved(inputs):
    """Return the mistake of a test that calls every model causal, from what it fed to one."""
    if len(inputs) < 2 or any(each.shape != inputs[0].shape for each in inputs):
        return "always_true"
    change = max(np.abs(each - inputs[0]).max() for each in inputs[1:])
    return "no_change" if change == 0 else "tiny_change" if change < 1e-4 else "always_true"


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
    "three_blocks": ("Three blocks are a GRU's.", "An LSTM has four: i, f, g, o."),
    "two_biases": ("Only a GRU of Keras has a second bias.", "features + units + 1."),
    "gru": ("That is a stack of GRU layers.", "An LSTM has four blocks with one bias each."),
})


OTHER_LAYERS = {                        # mistake: options of `_count`
    "no_bias": {"bias": 0}, "one_block": {"blocks": 1}, "three_blocks": {"blocks": 3},
    "two_biases": {"bias": 2}, "gru": {"blocks": 3, "bias": 2},
}


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
        **{name: _count(depth, m, n, **options) for name, options in OTHER_LAYERS.items()},
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
        **{name: _count(depth, m, n, True, **options) for name, options in OTHER_LAYERS.items()},
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
    "standardised": ("You scaled each unit to the same variance; here the variances decide.",
                     "Centre only: states - states.mean(axis=0)."),
    "columns": ("You took columns of what np.linalg.svd returns; the directions are its rows.",
                "centred @ directions[:dimensions].T"),
    "dimensions_ignored": ("Asked for another number of directions, you return the same.",
                           "Use `dimensions` where you pick the rows."),
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
        "standardised": plane(centred / centred.std(axis=0))[0],
        "columns": centred @ np.linalg.svd(centred, full_matrices=False)[2][:, :2],
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
    value = answer(states.copy(), 1)
    expect(getattr(value, "shape", None) not in ((50, 2), (50, 4)),
           f"With dimensions=1 the projection has shape {getattr(value, 'shape', None)}.",
           "dimensions_ignored")
    value = expect_array(value, "the projection", (50, 1), "(samples, dimensions)")
    centred = states - states.mean(axis=0)
    right = centred @ np.linalg.svd(centred, full_matrices=False)[2][:1].T
    expect(np.allclose(np.abs(value), np.abs(right), rtol=1e-3, atol=1e-4),
           "With dimensions=1 the projection is wrong.")


seal(__name__)
