"""Checks of lesson 02: forward, loss, backward through time and clipping, in NumPy."""

import numpy as np

from ..activations import softmax
from ..cells import simple_rnn_forward
from ..gradients import clip_by_global_norm, clip_by_norm, global_norm
from ..losses import softmax_cross_entropy
from .engine import Exercise, seal
from .expect import Wrong, expect, expect_close, expect_tuple

BATCH, TIME, FEATURES, UNITS, CLASSES = 3, 6, 4, 5, 7     # every axis has its own size
LOOSE = {"rtol": 1e-4, "atol": 1e-5}                      # an answer may compute in float32


def _inputs(rng):
    """Return x, h_0, W, U, b: all random, no bias and no state near zero."""
    x = rng.normal(size=(BATCH, TIME, FEATURES))
    h_0 = rng.uniform(0.3, 0.9, size=(BATCH, UNITS)) * rng.choice([-1, 1], size=(BATCH, UNITS))
    W = rng.normal(scale=0.5, size=(FEATURES, UNITS))
    U = rng.normal(scale=0.5, size=(UNITS, UNITS))
    b = rng.uniform(0.3, 0.8, size=UNITS) * rng.choice([-1, 1], size=UNITS)
    return x, h_0, W, U, b


# --- one step ---------------------------------------------------------------------------------

rnn_step = Exercise("rnn_step", hints={
    "no_bias": ("Count the terms inside tanh: the equation has three.",
                "Add `b`; NumPy repeats it for every row of the batch."),
    "no_state": ("Where does the past enter the sum?", "The second term is `h_prev @ U`."),
    "no_tanh": ("Your result can leave (-1, 1); a state cannot.",
                "Return `np.tanh(...)` of the whole sum."),
    "sigmoid": ("Your result is never negative: look at the equation's function again.",),
    "U_transposed": ("U is square, so its shape does not warn you of a transpose.",
                     "The equation says `h_prev @ U`, not `h_prev @ U.T`."),
    "tanh_of_a_part": ("tanh is taken once, of the sum of all three terms.",),
    "raises": ("Write the shapes on paper: (batch, features) @ (features, units).",
               "The batch comes first, so the weights stand on the right: `x_t @ W`."),
})


@rnn_step.part("h_t")
def _(rng, step):
    x, h_prev, W, U, b = _inputs(rng)
    x_t = x[:, 0]
    z = x_t @ W + h_prev @ U + b
    expect_close(step(x_t, h_prev, W, U, b), np.tanh(z), "h_t", axes="(batch, units)", mistakes={
        "no_bias": np.tanh(z - b),
        "no_state": np.tanh(x_t @ W + b),
        "no_tanh": z,
        "sigmoid": 1 / (1 + np.exp(-z)),
        "U_transposed": np.tanh(x_t @ W + h_prev @ U.T + b),
        "tanh_of_a_part": np.tanh(x_t @ W + b) + h_prev @ U,
    }, **LOOSE)


# --- all steps --------------------------------------------------------------------------------

rnn_forward = Exercise("rnn_forward", hints={
    "state_not_carried": ("Every step of yours starts from the same state.",
                          "After a step, its new state becomes `h_prev` of the next step."),
    "zero_state": ("The state before the first step is given, and here it is not zero.",
                   "Start the loop with `h_prev = h_0`."),
    "time_major": ("You stacked the states along the first axis.",
                   "`np.stack(states, axis=1)` puts time second: (batch, time, units)."),
    "last_only": ("The layer above wants the state of every step, not only of the last.",
                  "Keep each state: in a list, or in an array made before the loop."),
    "includes_h_0": ("You return one state too many: h_0 was there before the first step.",),
    "one_late": ("Your first entry is h_0; it should be the state after reading `x[:, 0]`.",
                 "Store the state after the step, not before it."),
    "backwards": ("Which step comes first in your result?",
                  "Read the sequence from t = 0 upwards, and keep the states in that order."),
    "one_array": ("Your entries are all the same: the last state. Does each step make a new "
                  "array, or write into one and the same?",
                  "`h_t[:] = ...` changes what the list already holds; `h_t = np.tanh(...)` "
                  "makes a new array."),
    "batch_axis": ("x is (batch, time, features): `for x_t in x` takes one sample at a time, "
                   "not one step.",
                   "Count the steps with `range(x.shape[1])` and take `x[:, t]`."),
    "skips_first": ("Your loop starts with the second input: `x[:, 0]` is never read.",
                    "`h[:, 0]` comes from `x[:, 0]` and `h_0`; start the loop at t = 0."),
    "mean_over_time": ("You average over the steps; the result keeps its time axis.",
                       "Keep each state: `np.stack(states, axis=1)`."),
})


def _skipping(x, h_0, W, U, b):
    """Return the states of a loop that starts at t = 1, from h_0 and from zero."""
    return [simple_rnn_forward(x[:, 1:], start, W, U, b)[0] for start in (h_0, 0 * h_0)]


def _misread(value, h, inputs):
    """Return the mistake that a result of the wrong shape tells of, or None."""
    def equals(other):
        return value.shape == other.shape and _same(value, other)

    told = {"last_only": [h[:, -1]], "mean_over_time": [h.mean(axis=1)],
            "skips_first": _skipping(*inputs)}
    shapes = {(TIME, BATCH, UNITS): "time_major", (BATCH, TIME + 1, UNITS): "includes_h_0",
              (BATCH, BATCH, UNITS): "batch_axis"}
    return next((m for m, others in told.items() if any(map(equals, others))),
                shapes.get(value.shape))


def _reads_samples_as_steps(forward, rng):
    """Return True if the answer, on as many samples as steps, swaps the two."""
    x, *rest = _inputs(rng)
    x = x[:, :BATCH]
    try:
        value = forward(x, *rest)
    except Wrong:
        return False
    wanted, _ = simple_rnn_forward(x.swapaxes(0, 1), *rest)
    value = np.asarray(value) if isinstance(value, np.ndarray) else np.empty(0)
    return any(value.shape == w.shape and _same(value, w)
               for w in (wanted, wanted.swapaxes(0, 1)))


def _states(forward, rng):
    """Return the learner's states, the right ones and the inputs, once the shape is right."""
    inputs = _inputs(rng)
    h, _ = simple_rnn_forward(*inputs)
    try:
        value = forward(*inputs)
    except Wrong as wrong:
        if wrong.mistake == "raises" and _reads_samples_as_steps(forward, rng):
            raise Wrong(str(wrong), "batch_axis") from None
        raise
    if tuple(getattr(value, "shape", ())) != h.shape:
        try:
            expect_close(value, h, "h", axes="(batch, time, units)", **LOOSE)
        except Wrong as wrong:
            found = _misread(value, h, inputs) if isinstance(value, np.ndarray) else None
            raise Wrong(str(wrong), found or wrong.mistake) from None
    value = np.asarray(value)
    expect(not _same(value, np.broadcast_to(h[:, -1:], h.shape)),
           "every entry of h is the state after the last step.", "one_array")
    expect(not any(_same(value[:, 1:], skipped) for skipped in _skipping(*inputs)),
           "the first input changes nothing in h.", "skips_first")
    return value, h, inputs


@rnn_forward.part("first step")
def _(rng, forward):
    value, h, (x, h_0, W, U, b) = _states(forward, rng)
    read_back, _ = simple_rnn_forward(x[:, ::-1], h_0, W, U, b)
    first, axes = "the state after the first step", "(batch, units)"
    expect(not _same(value[:, 0], read_back[:, -1]), f"{first} is wrong.", "backwards")
    expect_close(value[:, 0], h[:, 0], first, axes=axes, mistakes={
        "zero_state": np.tanh(x[:, 0] @ W + b),
        "one_late": h_0,
        "backwards": h[:, -1],
    }, **LOOSE)


@rnn_forward.part("later steps")
def _(rng, forward):
    value, h, (x, h_0, W, U, b) = _states(forward, rng)
    expect_close(value, h, "h", axes="(batch, time, units)", mistakes={
        "state_not_carried": np.tanh(x @ W + (h_0 @ U)[:, None] + b),
    }, **LOOSE)


def _same(a, b):
    return a.dtype.kind == "f" and np.allclose(a, b, **LOOSE)


# --- the loss ---------------------------------------------------------------------------------

cross_entropy = Exercise("cross_entropy", hints={
    "summed": ("Your loss grows with the length of the text.",
               "Average over all batch * time targets; its gradient is divided likewise."),
    "over_entries": ("You average over the classes too: each target counts once, not 7 times.",
                     "Sum over the classes first, then average over batch and time."),
    "bits": ("You use the logarithm to base 2; nats come from `np.log`.",),
    "sign": ("The loss is -log p, and it falls when the right logit rises.",
             "The gradient is `p - one_hot`, so only the right class gets a negative entry."),
    "wrong_axis": ("Along which axis do your probabilities sum to 1?",
                   "The classes compete with each other: axis=-1, with keepdims=True."),
    "no_target": ("Your gradient is all positive: where does the right class enter?",
                  "Subtract 1 from p at each target, or subtract the one-hot targets."),
    "batch_averaged": ("You divide by the batch only; time counts as well.",
                       "Divide by `targets.size`."),
    "not_averaged": ("The loss is a mean over n targets. What does that do to its gradient?",
                     "Divide `p - one_hot` by `targets.size`."),
    "d_log": ("That is the slope of -log p by p; go one step further, to the logits.",),
    "overflow": ("exp(800) is infinite, and the log of a probability that vanished is too.",
                 "Subtract the largest logit of each row first, and write the log out: "
                 "log p_k = z_k - max - log(sum(exp(z - max)))."),
    "log_of_p": ("Your probabilities are right, but a tiny p rounds to 0, and there the log is "
                 "-inf; a small constant added to p gives another loss.",
                 "Take no log of p: log p_k = z_k - max - log(sum(exp(z - max)))."),
    "wrong_count": ("Give both results: `return loss, d_logits`.",),
})


def _loss_inputs(rng, scale):
    return rng.normal(scale=scale, size=(BATCH, TIME, CLASSES)), rng.integers(
        CLASSES, size=(BATCH, TIME))


def _loss_by(logits, targets, axis=-1):
    """Return p and the log-probabilities of the targets, softmax over `axis`."""
    p = softmax(logits, axis=axis)
    return p, np.log(np.take_along_axis(p, targets[..., None], axis=-1))


@cross_entropy.part("loss")
def _(rng, entropy):
    logits, targets = _loss_inputs(rng, 1.5)
    loss, _ = expect_tuple(entropy(logits, targets), ("loss", "d_logits"))
    right, _ = softmax_cross_entropy(logits, targets)
    expect_close(loss, right, "loss", mistakes={
        "summed": right * targets.size,
        "batch_averaged": right * TIME,
        "over_entries": right / CLASSES,
        "bits": right / np.log(2),
        "sign": -right,
        "wrong_axis": -_loss_by(logits, targets, axis=1)[1].mean(),
    }, **LOOSE)


@cross_entropy.part("d_logits")
def _(rng, entropy):
    logits, targets = _loss_inputs(rng, 1.5)
    _, d_logits = expect_tuple(entropy(logits, targets), ("loss", "d_logits"))
    _, right = softmax_cross_entropy(logits, targets)
    p, _ = _loss_by(logits, targets)
    one_hot = np.eye(CLASSES)[targets]
    expect_close(d_logits, right, "d_logits", axes="(batch, time, classes)", mistakes={
        "not_averaged": p - one_hot,
        "batch_averaged": (p - one_hot) / BATCH,
        "over_entries": (p - one_hot) / logits.size,
        "sign": (one_hot - p) / targets.size,
        "no_target": p / targets.size,
        "d_log": -one_hot / p / targets.size,
        "wrong_axis": (softmax(logits, axis=1) - one_hot) / targets.size,
    }, **LOOSE)


@cross_entropy.part("large logits")
def _(rng, entropy):
    logits, targets = _loss_inputs(rng, 1000)
    right_loss, right_d = softmax_cross_entropy(logits, targets)
    loss, d_logits = expect_tuple(entropy(logits, targets), ("loss", "d_logits"))
    try:
        expect_close(d_logits, right_d, "d_logits, for logits in the thousands,", **LOOSE)
    except Wrong as wrong:
        raise Wrong(str(wrong), "overflow") from None
    try:
        expect_close(loss, right_loss, "loss, for logits in the thousands,", **LOOSE)
    except Wrong as wrong:
        raise Wrong(str(wrong), "log_of_p") from None


# --- backward through one step ----------------------------------------------------------------

rnn_step_backward = Exercise("rnn_step_backward", hints={
    "no_tanh": ("The error has to pass through tanh first.",
                "Start with `d_z = d_h_t * (1 - h_t**2)` and use d_z in all five results."),
    "tanh_twice": ("h_t already is tanh(z), so its slope needs no second tanh.",
                   "The slope is `1 - h_t**2`."),
    "slope_without_square": ("The slope of tanh is 1 - tanh(z)^2: mind the square.",),
    "db_not_summed": ("b is added to every row of the batch, so every row sends error back.",
                      "Sum d_z over the batch: `d_z.sum(axis=0)`."),
    "averaged": ("You average over the batch; the loss has done that already.",
                 "Sum over the batch, without dividing."),
    "U_not_transposed": ("U is square, so its shape does not warn you of a missing transpose.",
                         "Forward was `h_prev @ U`; back is `d_z @ U.T`."),
    "dU_transposed": ("dU has the right shape by luck: U is square. Which factor comes first?",
                      "`h_prev.T @ d_z`: entry [i, j] is what unit i sent into unit j."),
    "wrong_partner": ("Which vector did U multiply in the forward step: h_t or h_prev?",),
    "raises": ("Each gradient has the shape of what it belongs to: find the product of d_z "
               "and one other factor that has it.",
               "A forward product `a @ M` gives back `d_z @ M.T` for a and `a.T @ d_z` for M."),
    "wrong_count": ("Return five gradients: one for each factor and term of the sum "
                    "x_t W + h_prev U + b. h_t is needed for the slope only.",
                    "`return d_x_t, d_h_prev, dW, dU, db`."),
    "order": ("The gradients are right, but not in the order of the docstring.",
              "`return d_x_t, d_h_prev, dW, dU, db`."),
})


def _one_step(rng, backward):
    """Return the five values of the learner, and a function giving those of a mistake."""
    x, h_prev, W, U, b = _inputs(rng)
    x_t = x[:, 0]
    h_t, d_h = np.tanh(x_t @ W + h_prev @ U + b), rng.normal(size=(BATCH, UNITS))
    names = ("d_x_t", "d_h_prev", "dW", "dU", "db")
    values = expect_tuple(backward(d_h, x_t, h_prev, h_t, W, U), names)

    def gradients(mistake=None):
        slope = {"no_tanh": np.ones_like(h_t), "tanh_twice": 1 - np.tanh(h_t) ** 2,
                 "slope_without_square": 1 - h_t}.get(mistake, 1 - h_t**2)
        d_z = d_h * slope
        partner = h_t if mistake == "wrong_partner" else h_prev
        shares = BATCH if mistake == "averaged" else 1
        dU = partner.T @ d_z / shares
        return dict(zip(names, (
            d_z @ W.T,
            d_z @ (U if mistake == "U_not_transposed" else U.T),
            x_t.T @ d_z / shares,
            dU.T if mistake == "dU_transposed" else dU,
            d_z if mistake == "db_not_summed" else d_z.sum(axis=0) / shares,
        ), strict=True))

    return dict(zip(names, values, strict=True)), gradients


def _step_part(name, axes):
    @rnn_step_backward.part(name)
    def _(rng, backward):
        values, gradients = _one_step(rng, backward)
        wrong = {m: gradients(m)[name] for m in rnn_step_backward.own_mistakes}
        _expect_gradient(values, gradients(), name, axes, wrong)


def _expect_gradient(values, all_right, name, axes, wrong):
    """Compare a gradient with the right one; a mistake that leaves it right explains nothing."""
    value, right = values[name], all_right[name]
    for other, gradient in all_right.items():
        if other != name and np.shape(value) == gradient.shape and _same(value, gradient):
            raise Wrong(f"what you return as {name} is {other}.", "order")
    telling = {m: v for m, v in wrong.items()
               if np.shape(v) != np.shape(right) or not np.allclose(v, right)}
    expect_close(value, right, name, axes=axes, mistakes=telling, **LOOSE)


for _name, _axes in [("db", "(units,)"), ("dW", "(features, units)"), ("dU", "(units, units)"),
                     ("d_h_prev", "(batch, units)"), ("d_x_t", "(batch, features)")]:
    _step_part(_name, _axes)


# --- backward through time --------------------------------------------------------------------

rnn_backward = Exercise("rnn_backward", hints={
    "no_carry": ("Your error reaches the weights, but not the steps before.",
                 "h_t also went into step t + 1: add what that step sent back to `d_h[:, t]`."),
    "overwritten": ("You keep the gradient of one step only.",
                    "All steps share the weights: add up with `+=`."),
    "forwards": ("In which order can you know what step t + 1 sends back?",
                 "Walk from the last step to the first: `reversed(range(time))`."),
    "carry_piles_up": ("What step t + 1 sends back already holds all later steps.",
                       "Replace `d_next` at each step, do not add to it."),
    "carry_before_tanh": ("The way back to h_prev leads through tanh too.",
                          "Send `d_z @ U.T` back, not `d_h @ U.T`."),
    "U_not_transposed": ("U is square, so its shape does not warn you of a missing transpose.",
                         "Back through `h_prev @ U` means `d_z @ U.T`."),
    "no_tanh": ("The error has to pass through tanh at every step.",
                "`d_z = (d_h[:, t] + d_next) * (1 - h[:, t]**2)`."),
    "state_after": ("U multiplied the state before the step: `h[:, t - 1]`, not `h[:, t]`.",),
    "wraps_around": ("What is `h[:, t - 1]` at t = 0 in Python?",
                     "Index -1 is the last state; before step 0 comes `h_0`."),
    "zero_h_0": ("The first step had a state before it, too, and it was not zero.",
                 "At t = 0 the previous state is `h_0`."),
    "averaged": ("You divide by the batch; the loss has averaged already.",),
    "three_values": ("The state h_0 gets a gradient too: what step 0 sends back, `d_next` after "
                     "the loop.",),
    "five_values": ("Exercise 4 returned five gradients; here that of the input is not asked "
                    "for.", "`return d_h_0, dW, dU, db`."),
    "order": ("The gradients are right, but not in the order of the docstring.",
              "`return d_h_0, dW, dU, db`: as in exercise 4, without d_x."),
})


def _steps_back(d_h, x, h_0, h, W, U, mistake=None):
    """Return d_h_0, dW, dU, db as an answer with `mistake` would give them."""
    d_z, d_next = np.zeros_like(h), np.zeros_like(h_0)
    order = range(TIME) if mistake == "forwards" else reversed(range(TIME))
    for t in order:
        d = d_h[:, t] + (0 if mistake == "no_carry" else d_next)
        d_z[:, t] = d * (1 if mistake == "no_tanh" else 1 - h[:, t] ** 2)
        sent = d if mistake == "carry_before_tanh" else d_z[:, t]
        back = sent @ (U if mistake == "U_not_transposed" else U.T)
        d_next = d_next + back if mistake == "carry_piles_up" else back
    before = {"state_after": h[:, 0], "wraps_around": h[:, -1],
              "zero_h_0": 0 * h_0}.get(mistake, h_0)
    h_prev = np.concatenate([before[:, None], h[:, :-1]], axis=1)
    if mistake == "state_after":
        h_prev = h
    steps = slice(0, 1) if mistake == "overwritten" else slice(None)
    shares = BATCH if mistake == "averaged" else 1
    dW = np.einsum("btf,btu->fu", x[:, steps], d_z[:, steps]) / shares
    dU = np.einsum("btv,btu->vu", h_prev[:, steps], d_z[:, steps]) / shares
    return {"d_h_0": d_next, "dW": dW, "dU": dU, "db": d_z[:, steps].sum(axis=(0, 1)) / shares}


def _four(value, names):
    """Return `value` by name; too few or too many values may tell why."""
    try:
        return dict(zip(names, expect_tuple(value, names), strict=True))
    except Wrong as wrong:
        count = len(value) if isinstance(value, (tuple, list)) else 0
        told = {3: "three_values", 5: "five_values"}.get(count, wrong.mistake)
        raise Wrong(str(wrong), told) from None


def _time_part(name, axes):
    @rnn_backward.part(name)
    def _(rng, backward):
        x, h_0, W, U, b = _inputs(rng)
        h, _ = simple_rnn_forward(x, h_0, W, U, b)
        given = rng.normal(size=h.shape), x, h_0, h, W, U
        values = _four(backward(*given), ("d_h_0", "dW", "dU", "db"))
        wrong = {m: _steps_back(*given, mistake=m)[name] for m in rnn_backward.own_mistakes}
        _expect_gradient(values, _steps_back(*given), name, axes, wrong)


for _name, _axes in [("db", "(units,)"), ("dW", "(features, units)"), ("dU", "(units, units)"),
                     ("d_h_0", "(batch, units)")]:
    _time_part(_name, _axes)


# --- clipping ---------------------------------------------------------------------------------

clip_gradients = Exercise("clip_gradients", hints={
    "per_tensor": ("You clip each array on its own, which turns the step to another direction.",
                   "One norm over all entries of all arrays, one factor for all."),
    "by_value": ("You cut single entries, which turns the step to another direction.",
                 "Multiply all arrays by the same factor."),
    "always_scales": ("A gradient shorter than max_norm is lengthened; it should stay.",
                      "The factor is never above 1: `min(1, max_norm / norm)`."),
    "squared_norm": ("A norm is the root of the sum of squares.",),
    "summed_norms": ("The norms of the parts do not add up; their squares do.",
                     "Sum the squares of all entries of all arrays, then take one root."),
    "upside_down": ("A longer gradient should give a smaller factor.",),
    "zero_norm": ("All gradients can be zero; what do you divide by then? (NumPy only warns.)",
                  "`max_norm / max(norm, max_norm)` never divides by zero."),
    "mutates_input": ("`g *= factor` writes into the caller's arrays; `g * factor` makes new "
                      "ones.",),
})


def _gradients(rng):
    shapes = [(FEATURES, UNITS), (UNITS,), (2, 3, UNITS)]
    raw = [rng.normal(size=shape) for shape in shapes]
    return [g / np.linalg.norm(g) * norm for g, norm in zip(raw, (3.0, 2.0, 4.5), strict=True)]


def _expect_clipped(value, right, mistakes):
    names = [f"gradient {k + 1}" for k in range(len(right))]
    entries = expect_tuple(value, names)
    for k, (entry, wanted, name) in enumerate(zip(entries, right, names, strict=True)):
        expect_close(entry, wanted, name, mistakes={m: v[k] for m, v in mistakes.items()},
                     **LOOSE)


@clip_gradients.part("a long gradient")
def _(rng, clip):
    gradients, limit = _gradients(rng), rng.uniform(0.4, 0.9)
    norm = global_norm(gradients)
    _expect_clipped(clip(gradients, limit), clip_by_global_norm(gradients, limit), {
        "per_tensor": [clip_by_norm(g, limit) for g in gradients],
        "by_value": [np.clip(g, -limit, limit) for g in gradients],
        "squared_norm": [g * limit / norm**2 for g in gradients],
        "summed_norms": [g * limit / sum(map(np.linalg.norm, gradients)) for g in gradients],
        "upside_down": [g * norm / limit for g in gradients],
    })


@clip_gradients.part("a short gradient")
def _(rng, clip):
    gradients, limit = _gradients(rng), rng.uniform(20, 30)
    factor = limit / global_norm(gradients)
    _expect_clipped(clip(gradients, limit), gradients, {
        "always_scales": [g * factor for g in gradients],
    })


@clip_gradients.part("a gradient of zero")
def _(rng, clip):
    zeros = [np.zeros_like(g) for g in _gradients(rng)]
    try:
        with np.errstate(divide="raise", invalid="raise"):      # as plain Python numbers do
            value = clip(zeros, 1.0)
        _expect_clipped(value, zeros, {})
    except Wrong as wrong:
        raise Wrong(str(wrong), "zero_norm") from None


seal(__name__)
