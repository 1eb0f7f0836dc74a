"""Checks of lesson 02: forward, loss, backward through time and clipping, in NumPy."""

import numpy as np

from ..by_hand import simple_rnn_forward
from ..by_hand.activations import softmax
from ..by_hand.gradients import clip_by_global_norm, clip_by_norm, global_norm
from ..by_hand.losses import softmax_cross_entropy
from .engine import Exercise, seal
from .expect import Wrong, equals, expect, expect_close, expect_tuple

# Batch, time, features, units: first every axis with its own size, then one step, one sequence,
# one unit, one feature and many steps. Only the first case tells which mistake was made.
SIZES = ((3, 6, 4, 5), (4, 1, 1, 2), (1, 3, 2, 4), (2, 4, 6, 1), (2, 20, 3, 3))
LOOSE = {"rtol": 1e-4, "atol": 1e-5}                      # an answer may compute in float32


def _inputs(rng, batch, time, features, units):
    """Return x, h_0, W, U, b: all random, no bias and no state near zero."""
    x = rng.normal(size=(batch, time, features))
    h_0 = rng.uniform(0.3, 0.9, size=(batch, units)) * rng.choice([-1, 1], size=(batch, units))
    W = rng.normal(scale=0.5, size=(features, units))
    U = rng.normal(scale=0.5, size=(units, units))
    b = rng.uniform(0.3, 0.8, size=units) * rng.choice([-1, 1], size=units)
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
    "no_input": ("Where does the input enter the sum?", "The first term is `x_t @ W`."),
    "relu": ("The function of the equation is tanh, not max(0, z).",),
    "subtracted": ("All three terms are added: look at your signs.",),
    "raises": ("Write the shapes on paper: (batch, features) @ (features, units).",
               "The batch comes first, so the weights stand on the right: `x_t @ W`."),
})


def _judge_step(step, x_t, h_prev, W, U, b, telling):
    value = step(x_t, h_prev, W, U, b)
    read, past = x_t @ W, h_prev @ U
    z = read + past + b
    mistakes = {
        "no_bias": np.tanh(z - b),
        "no_state": np.tanh(read + b),
        "no_input": np.tanh(past + b),
        "no_tanh": z,
        "sigmoid": 1 / (1 + np.exp(-z)),
        "relu": np.maximum(z, 0),
        "subtracted": (np.tanh(z - 2 * b), np.tanh(z - 2 * past), np.tanh(z - 2 * read),
                       np.tanh(-z)),
        "U_transposed": np.tanh(read + h_prev @ U.T + b),
        "tanh_of_a_part": (
            np.tanh(read + b) + past, np.tanh(read + past) + b, read + np.tanh(past + b),
            np.tanh(read) + past + b, read + np.tanh(past) + b,
            np.tanh(read) + np.tanh(past) + b, np.tanh(read) + np.tanh(past + b),
            np.tanh(read + b) + np.tanh(past), np.tanh(np.tanh(z))),
    }
    expect_close(value, np.tanh(z), "h_t", axes="(batch, units)",
                 mistakes=mistakes if telling else None, **LOOSE)


@rnn_step.part("h_t")
def _(rng, step):
    for sizes in SIZES:
        x, *rest = _inputs(rng, *sizes)
        _judge_step(step, x[:, 0], *rest, telling=sizes == SIZES[0])


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
    "stops_early": ("One state is missing: the last input is never read.",
                    "`range(x.shape[1])` already stops before x.shape[1]."),
    "fixed_length": ("The number of steps comes with x, and it differs from call to call.",
                     "Count the steps with `x.shape[1]`."),
    "other_step": ("The step itself is not that of exercise 1.",
                   "Call your `rnn_step`, or compare with its line."),
})


def _skipping(x, h_0, W, U, b):
    """Return the states of a loop that starts at t = 1, from h_0 and from zero."""
    return [simple_rnn_forward(x[:, 1:], start, W, U, b)[0] for start in (h_0, 0 * h_0)]


def _misread(value, h, inputs):
    """Return the mistake that a result of the wrong shape tells of, or None."""
    if not isinstance(value, np.ndarray):
        return None
    batch, time, units = h.shape
    told = {"last_only": [h[:, -1]], "mean_over_time": [h.mean(axis=1)],
            "skips_first": _skipping(*inputs), "stops_early": [h[:, :-1]],
            "includes_h_0": [np.concatenate([inputs[1][:, None], h], axis=1)]}
    shapes = {(time, batch, units): "time_major", (batch, batch, units): "batch_axis"}
    return next((m for m, others in told.items() if any(equals(value, o) for o in others)),
                shapes.get(value.shape))


def _reads_samples_as_steps(forward, inputs):
    """Return True if the answer, on as many samples as steps, swaps the two."""
    x, *rest = inputs
    x = x[:, :len(x)]
    try:
        value = forward(x, *rest)
    except Wrong:
        return False
    wanted, *_ = simple_rnn_forward(x.swapaxes(0, 1), *rest)
    return equals(value, wanted) or equals(value, wanted.swapaxes(0, 1))


def _with_fixed_length(wrong):
    """Return the failure, named "fixed_length" if a step was read that there is not."""
    outside = "out of bounds for axis 1" in str(wrong)
    return Wrong(str(wrong), "fixed_length" if outside else wrong.mistake)


def _states(forward, inputs, telling):
    """Return the learner's states and the right ones, once the shape is right."""
    try:
        value = forward(*inputs)
    except Wrong as wrong:
        if telling and wrong.mistake == "raises" and _reads_samples_as_steps(forward, inputs):
            raise Wrong(str(wrong), "batch_axis") from None
        raise _with_fixed_length(wrong) from None
    h, *_ = simple_rnn_forward(*inputs)
    if not isinstance(value, np.ndarray) or value.shape != h.shape:
        try:
            value = expect_close(value, h, "h", axes="(batch, time, units)", **LOOSE)
        except Wrong as wrong:
            found = _misread(value, h, inputs) if telling else None
            raise Wrong(str(wrong), found or wrong.mistake) from None
    if telling and not equals(value, h):
        expect(not equals(value, np.broadcast_to(h[:, -1:], h.shape)),
               "every entry of h is the state after the last step.", "one_array")
        expect(not any(equals(value[:, 1:], skipped) for skipped in _skipping(*inputs)),
               "the first input changes nothing in h.", "skips_first")
    return value, h


def _judge_first_state(forward, inputs, telling):
    value, h = _states(forward, inputs, telling)
    x, h_0, W, U, b = inputs
    read, past = x[:, 0] @ W, h_0 @ U
    read_back, *_ = simple_rnn_forward(x[:, ::-1], h_0, W, U, b)
    mistakes = {
        "zero_state": np.tanh(read + b),
        "one_late": h_0,
        "backwards": (h[:, -1], read_back[:, -1]),
        "other_step": (np.tanh(read + past), read + past + b, np.tanh(read + h_0 @ U.T + b),
                       np.tanh(past + b)),
    }
    expect_close(value[:, 0], h[:, 0], "the state after the first step", axes="(batch, units)",
                 mistakes=mistakes if telling else None, **LOOSE)


def _judge_all_states(forward, inputs, telling):
    value, h = _states(forward, inputs, telling)
    x, h_0, W, U, b = inputs
    mistakes = {"state_not_carried": np.tanh(x @ W + (h_0 @ U)[:, None] + b)}
    expect_close(value, h, "h", axes="(batch, time, units)",
                 mistakes=mistakes if telling else None, **LOOSE)


@rnn_forward.part("first step")
def _(rng, forward):
    for sizes in SIZES:
        _judge_first_state(forward, _inputs(rng, *sizes), telling=sizes == SIZES[0])


@rnn_forward.part("later steps")
def _(rng, forward):
    for sizes in SIZES:
        _judge_all_states(forward, _inputs(rng, *sizes), telling=sizes == SIZES[0])


# --- the loss ---------------------------------------------------------------------------------

cross_entropy = Exercise("cross_entropy", hints={
    "summed": ("Your loss grows with the length of the text.",
               "Average over all batch * time targets; its gradient is divided likewise."),
    "over_entries": ("You average over the classes too: each target counts once, not per class.",
                     "Sum over the classes first, then average over batch and time."),
    "bits": ("You use the logarithm to base 2; nats come from `np.log`.",),
    "sign": ("The loss is -log p, and it falls when the right logit rises.",
             "The gradient is `p - one_hot`, so only the right class gets a negative entry."),
    "wrong_axis": ("Along which axis do your probabilities sum to 1?",
                   "The classes compete with each other: axis=-1, with keepdims=True."),
    "other_shift": ("What you subtract changes p: it must be one number for all classes of a row.",
                    "The largest logit of each row: `logits.max(axis=-1, keepdims=True)`."),
    "no_target": ("Your gradient is all positive: where does the right class enter?",
                  "Subtract 1 from p at each target, or subtract the one-hot targets."),
    "batch_averaged": ("You divide by the batch only; time counts as well.",
                       "Divide by `targets.size`."),
    "time_averaged": ("You divide by the steps only; the batch counts as well.",
                      "Divide by `targets.size`."),
    "per_target": ("That is one loss for each target: the answer is their mean, one number.",),
    "order": ("Give the loss first, then its gradient: `return loss, d_logits`.",),
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


TARGETS = ((3, 6, 7), (2, 5, 3), (1, 1, 2), (4, 1, 9))       # batch, time, classes


def _loss_inputs(rng, batch, time, classes):
    logits = rng.normal(scale=1.5, size=(batch, time, classes))
    return logits, rng.integers(classes, size=(batch, time))


def _large_logits(rng):
    """Return pairs (logits, targets) in the thousands, with the rows on levels far apart."""
    wide = rng.normal(scale=1000, size=(3, 6, 7))
    levels = rng.normal(size=(2, 4, 5)) + np.linspace(-1000, 1000, 8).reshape(2, 4, 1)
    rows = np.array([[[0, 2000, 1]] * 3, [[-2000, 0, 1]] * 3, [[900, 900, -900]] * 3], float)
    return [(wide, rng.integers(7, size=(3, 6))), (levels, rng.integers(5, size=(2, 4))),
            (rows, np.stack([rng.permutation(3) for _ in rows]))]


def _entropy(entropy, logits, targets):
    """Return the learner's loss and gradient, in this order."""
    loss, d_logits = expect_tuple(entropy(logits, targets), ("loss", "d_logits"))
    turned = getattr(loss, "shape", None) == logits.shape
    expect(not turned, "the first value has the shape of the logits: it should be the loss.",
           "order")
    return loss, d_logits


def _judge_loss(entropy, logits, targets, telling):
    loss, _ = _entropy(entropy, logits, targets)
    right, _ = softmax_cross_entropy(logits, targets)
    batch, time, classes = logits.shape

    def by(axis):
        return -np.log(np.take_along_axis(softmax(logits, axis=axis), targets[..., None], -1))

    def shifted_by(axis):
        return softmax_cross_entropy(logits - logits.max(axis=axis, keepdims=True), targets)[0]

    each = by(-1)
    mistakes = {
        "summed": right * targets.size,
        "batch_averaged": right * time,
        "time_averaged": right * batch,
        "per_target": (each[..., 0], each, each[..., 0].mean(axis=0), each[..., 0].mean(axis=1)),
        "over_entries": right / classes,
        "bits": right / np.log(2),
        "sign": -right,
        "other_shift": (shifted_by(1), shifted_by(0)),
        "wrong_axis": (by(1).mean(), by(0).mean(), by(None).mean()),
    }
    expect_close(loss, right, "loss", mistakes=mistakes if telling else None, **LOOSE)


def _judge_d_logits(entropy, logits, targets, telling):
    _, d_logits = _entropy(entropy, logits, targets)
    _, right = softmax_cross_entropy(logits, targets)
    batch, time, classes = logits.shape
    p, one_hot, n = softmax(logits), np.eye(classes)[targets], targets.size
    mistakes = {
        "not_averaged": p - one_hot,
        "batch_averaged": (p - one_hot) / batch,
        "time_averaged": (p - one_hot) / time,
        "over_entries": (p - one_hot) / logits.size,
        "sign": ((one_hot - p) / n, one_hot - p),
        "no_target": (p / n, p),
        "d_log": (-one_hot / p / n, -one_hot / p),
        "wrong_axis": tuple((softmax(logits, axis=axis) - one_hot) / n for axis in (1, 0, None)),
    }
    expect_close(d_logits, right, "d_logits", axes="(batch, time, classes)",
                 mistakes=mistakes if telling else None, **LOOSE)


def _judge_large(entropy, logits, targets):
    loss, d_logits = _entropy(entropy, logits, targets)
    right_loss, right_d = softmax_cross_entropy(logits, targets)
    for value, right, name, mistake in ((d_logits, right_d, "d_logits", "overflow"),
                                        (loss, right_loss, "loss", "log_of_p")):
        try:
            expect_close(value, right, f"{name}, for logits in the thousands,", **LOOSE)
        except Wrong as wrong:
            raise Wrong(str(wrong), mistake) from None


@cross_entropy.part("loss")
def _(rng, entropy):
    for sizes in TARGETS:
        _judge_loss(entropy, *_loss_inputs(rng, *sizes), telling=min(sizes) > 1)


@cross_entropy.part("d_logits")
def _(rng, entropy):
    for sizes in TARGETS:
        _judge_d_logits(entropy, *_loss_inputs(rng, *sizes), telling=min(sizes) > 1)


@cross_entropy.part("large logits")
def _(rng, entropy):
    for logits, targets in _large_logits(rng):
        _judge_large(entropy, logits, targets)


# --- backward through one step ----------------------------------------------------------------

rnn_step_backward = Exercise("rnn_step_backward", hints={
    "no_tanh": ("The error has to pass through tanh first.",
                "Start with `d_z = d_h_t * (1 - h_t**2)` and use d_z in all five results."),
    "tanh_twice": ("h_t already is tanh(z), so its slope needs no second tanh.",
                   "The slope is `1 - h_t**2`."),
    "slope_without_square": ("The slope of tanh is 1 - tanh(z)^2: mind the square.",),
    "sigmoid_slope": ("h (1 - h) is the slope of the sigmoid; here the step ends in tanh.",
                      "The slope is `1 - h_t**2`."),
    "past_slope": ("tanh made h_t in this step, so its slope is that of h_t, not of h_prev.",),
    "transposed": ("Each gradient has the shape of what it belongs to: which factor comes first?",
                   "`x_t.T @ d_z` has the shape of W, `d_z.T @ x_t` that of W.T."),
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


STEP_GRADIENTS = ("d_x_t", "d_h_prev", "dW", "dU", "db")


def _step_back(d_h, x_t, h_prev, h_t, W, U, mistake=None):
    """Return the five gradients by name, as an answer with `mistake` would give them."""
    slope = {"no_tanh": np.ones_like(h_t), "tanh_twice": 1 - np.tanh(h_t) ** 2,
             "slope_without_square": 1 - h_t, "sigmoid_slope": h_t * (1 - h_t),
             "past_slope": 1 - h_prev**2}.get(mistake, 1 - h_t**2)
    d_z = d_h * slope
    partner = h_t if mistake == "wrong_partner" else h_prev
    shares = len(x_t) if mistake == "averaged" else 1
    dU = partner.T @ d_z / shares
    return dict(zip(STEP_GRADIENTS, (
        d_z @ W.T,
        d_z @ (U if mistake == "U_not_transposed" else U.T),
        x_t.T @ d_z / shares,
        dU.T if mistake == "dU_transposed" else dU,
        d_z if mistake == "db_not_summed" else d_z.sum(axis=0) / shares,
    ), strict=True))


def _judge_step_back(backward, inputs, d_h, name, axes, telling):
    x, h_prev, W, U, b = inputs
    given = d_h, x[:, 0], h_prev, np.tanh(x[:, 0] @ W + h_prev @ U + b), W, U
    values = dict(zip(STEP_GRADIENTS, expect_tuple(backward(*given), STEP_GRADIENTS),
                      strict=True))
    wrong = {m: lambda m=m: _step_back(*given, mistake=m)[name]
             for m in rnn_step_backward.own_mistakes} if telling else {}
    if telling and name == "db":
        d_z = wrong["db_not_summed"]()
        wrong["db_not_summed"] = (d_z, d_z.sum(axis=1), d_z.sum())
    _expect_gradient(values, _step_back(*given), name, axes, wrong)


def _step_part(name, axes):
    @rnn_step_backward.part(name)
    def _(rng, backward):
        for sizes in SIZES:
            batch, _, _, units = sizes
            d_h = rng.normal(size=(batch, units))
            _judge_step_back(backward, _inputs(rng, *sizes), d_h, name, axes,
                             telling=sizes == SIZES[0])


def _expect_gradient(values, all_right, name, axes, wrong):
    """Compare a gradient with the right one of its name."""
    value, right = values[name], all_right[name]
    for other, gradient in all_right.items():
        if other != name and not equals(value, right) and equals(value, gradient):
            raise Wrong(f"what you return as {name} is {other}.", "order")
    expect_close(value, right, name, axes=axes, mistakes=wrong, **LOOSE)


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
    "skips_last": ("Your loop starts one step too early: the last step is `x.shape[1] - 1`.",),
    "skips_first": ("Your loop ends before step 0: that step has gradients, too.",
                    "`reversed(range(time))` ends with t = 0; there the state before is `h_0`."),
    "averaged_steps": ("You divide by the number of steps: every step adds its share in full.",),
    "slope_without_square": ("The slope of tanh is 1 - tanh(z)^2: mind the square.",),
    "loss_for_h_0": ("`d_h[:, 0]` is the error of the state *after* step 0; h_0 comes before it.",
                     "h_0 gets what step 0 sends back: `d_next` after the loop."),
    "fixed_length": ("The number of steps comes with x, and it differs from call to call.",
                     "Walk over `reversed(range(x.shape[1]))`."),
    "wrong_count": ("Return four gradients: `return d_h_0, dW, dU, db`.",),
    "last_loss_only": ("Every step has a loss of its own: where do the other `d_h[:, t]` enter?",
                       "At each step, `d_h[:, t] + d_next` is the full error of its state."),
    "transposed": ("Each gradient has the shape of what it belongs to: which factor comes first?",
                   "`x[:, t].T @ d_z` has the shape of W, `d_z.T @ x[:, t]` that of W.T."),
    "three_values": ("The state h_0 gets a gradient too: what step 0 sends back, `d_next` after "
                     "the loop.",),
    "five_values": ("Exercise 4 returned five gradients; here that of the input is not asked "
                    "for.", "`return d_h_0, dW, dU, db`."),
    "order": ("The gradients are right, but not in the order of the docstring.",
              "`return d_h_0, dW, dU, db`: as in exercise 4, without d_x."),
})


TIME_GRADIENTS = ("d_h_0", "dW", "dU", "db")


def _steps_back(d_h, x, h_0, h, W, U, mistake=None):
    """Return d_h_0, dW, dU, db as an answer with `mistake` would give them."""
    batch, time = x.shape[:2]
    d_z, d_next = np.zeros_like(h), np.zeros_like(h_0)
    slope = {"no_tanh": np.ones_like(h), "slope_without_square": 1 - h}.get(mistake, 1 - h**2)
    if mistake == "last_loss_only":
        d_h = np.where(np.arange(time)[:, None] == time - 1, d_h, 0)
    order = range(mistake == "skips_first", time - (mistake == "skips_last"))
    for t in order if mistake == "forwards" else reversed(order):
        d = d_h[:, t] + (0 if mistake == "no_carry" else d_next)
        d_z[:, t] = d * slope[:, t]
        sent = d if mistake == "carry_before_tanh" else d_z[:, t]
        back = sent @ (U if mistake == "U_not_transposed" else U.T)
        d_next = d_next + back if mistake == "carry_piles_up" else back
    before = {"wraps_around": h[:, -1], "zero_h_0": 0 * h_0}.get(mistake, h_0)
    h_prev = np.concatenate([before[:, None], h[:, :-1]], axis=1)
    if mistake == "state_after":
        h_prev = h
    steps = slice(0, 1) if mistake == "overwritten" else slice(None)
    shares = {"averaged": batch, "averaged_steps": time}.get(mistake, 1)
    d_next = d_h[:, 0] if mistake == "loss_for_h_0" else d_next
    dW = np.einsum("btf,btu->fu", x[:, steps], d_z[:, steps]) / shares
    dU = np.einsum("btv,btu->vu", h_prev[:, steps], d_z[:, steps]) / shares
    return {"d_h_0": d_next, "dW": dW, "dU": dU, "db": d_z[:, steps].sum(axis=(0, 1)) / shares}


def _four(value, x, h_0):
    """Return `value` by name; what is too few or too many may tell why."""
    try:
        return dict(zip(TIME_GRADIENTS, expect_tuple(value, TIME_GRADIENTS), strict=True))
    except Wrong as wrong:
        shapes = [np.shape(v) for v in value if isinstance(v, np.ndarray)] \
            if isinstance(value, (tuple, list)) else []
        told = wrong.mistake
        if len(shapes) == 3 and h_0.shape not in shapes:
            told = "three_values"
        if len(shapes) == 5 and {x.shape, x[:, 0].shape} & set(shapes):
            told = "five_values"
        raise Wrong(str(wrong), told) from None


def _judge_steps_back(backward, inputs, d_h, name, axes, telling):
    x, h_0, W, U, b = inputs
    given = d_h, x, h_0, simple_rnn_forward(x, h_0, W, U, b)[0], W, U
    try:
        value = backward(*given)
    except Wrong as wrong:
        raise _with_fixed_length(wrong) from None
    values = _four(value, x, h_0)
    wrong = {m: lambda m=m: _steps_back(*given, mistake=m)[name]
             for m in rnn_backward.own_mistakes} if telling else {}
    _expect_gradient(values, _steps_back(*given), name, axes, wrong)


def _time_part(name, axes):
    @rnn_backward.part(name)
    def _(rng, backward):
        for sizes in SIZES:
            batch, time, _, units = sizes
            d_h = rng.normal(size=(batch, time, units))
            _judge_steps_back(backward, _inputs(rng, *sizes), d_h, name, axes,
                              telling=sizes == SIZES[0])


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
    "absolute_norm": ("A norm is the root of the sum of squares, not a sum of absolute values.",
                      "`np.sqrt(sum(np.sum(g**2) for g in gradients))`."),
    "mean_square": ("Sum the squares of all entries; a mean hides how many there are.",),
    "largest_entry": ("You measure the largest entry; the norm takes all of them.",
                      "`np.sqrt(sum(np.sum(g**2) for g in gradients))`."),
    "unit_norm": ("Your result has norm 1: where does max_norm come in?",),
    "unchanged": ("This gradient is too long, and it comes back as it was: which way does your "
                  "comparison point?",),
    "summed_norms": ("The norms of the parts do not add up; their squares do.",
                     "Sum the squares of all entries of all arrays, then take one root."),
    "upside_down": ("A longer gradient should give a smaller factor.",),
    "zero_norm": ("All gradients can be zero; what do you divide by then? (NumPy only warns.)",
                  "`max_norm / max(norm, max_norm)` never divides by zero."),
    "wrong_count": ("Return a list with one array for each array given, in their order.",),
    "mutates_input": ("`g *= factor` writes into the caller's arrays; `g * factor` makes new "
                      "ones.",),
})


SHAPES = ([(4, 5), (5,), (2, 3, 5)], [(7,)], [(2, 2), (), (3,), (1, 6), (2, 1, 3)])


def _gradients(rng, shapes, norm):
    """Return arrays of these shapes with the joint `norm`, whose own norms differ."""
    raw = [k * rng.normal(size=shape) for k, shape in enumerate(shapes, start=1)]
    return [g * (norm / global_norm(raw)) for g in raw]


def _clip_mistakes(gradients, limit):
    norm, whole = global_norm(gradients), np.concatenate([g.ravel() for g in gradients])
    factors = {
        "always_scales": limit / norm, "squared_norm": limit / norm**2,
        "absolute_norm": limit / np.abs(whole).sum(), "unit_norm": 1 / norm,
        "summed_norms": limit / sum(map(np.linalg.norm, gradients)),
        "mean_square": limit / np.sqrt(np.mean(whole**2)), "upside_down": norm / limit,
        "largest_entry": limit / np.abs(whole).max(),
    }
    return {
        "unchanged": gradients,
        "per_tensor": [clip_by_norm(g, limit) for g in gradients],
        "by_value": [np.clip(g, -limit, limit) for g in gradients],
        **{m: [g * factor for g in gradients] for m, factor in factors.items()},
    }


def _judge_clip(clip, gradients, limit, telling=True):
    names = [f"gradient {k + 1}" for k in range(len(gradients))]
    entries = expect_tuple(clip(gradients, limit), names)
    right = clip_by_global_norm(gradients, limit)
    found = next((m for m, others in _clip_mistakes(gradients, limit).items()
                  if all(map(equals, entries, others))), None) if telling else None
    for entry, wanted, name in zip(entries, right, names, strict=True):
        try:
            expect_close(entry, wanted, name, **LOOSE)
        except Wrong as wrong:
            raise Wrong(str(wrong), found or wrong.mistake) from None


@clip_gradients.part("a long gradient")
def _(rng, clip):
    for k, (norm, limit) in enumerate(((6.0, 0.7), (9.0, 4), (5.0, 4.9), (0.8, 0.3), (700.0, 20.0),
                                       (1.5, 1))):
        _judge_clip(clip, _gradients(rng, SHAPES[k % len(SHAPES)], norm), limit)


@clip_gradients.part("a short gradient")
def _(rng, clip):
    for k, (norm, limit) in enumerate(((6.0, 25.0), (0.4, 0.7), (3.0, 3.1), (1e-3, 5))):
        _judge_clip(clip, _gradients(rng, SHAPES[k % len(SHAPES)], norm), limit)
    _judge_clip(clip, [np.array([3.0, 0.0]), np.array([[4.0]])], 5.0)


@clip_gradients.part("a gradient of zero")
def _(rng, clip):
    for shapes in SHAPES:
        zeros = [np.zeros(shape) for shape in shapes]
        try:
            with np.errstate(divide="raise", invalid="raise"):      # as plain Python numbers do
                _judge_clip(clip, zeros, 1.0, telling=False)
        except Wrong as wrong:
            divided = wrong.mistake in ("raises", "not_finite")
            raise Wrong(str(wrong), "zero_norm" if divided else wrong.mistake) from None


seal(__name__)
