"""Checks of lesson 01: order, memory, shared parameters, shapes, padding and carried state."""

import contextlib
import functools
import re

import numpy as np

from ..by_hand import simple_rnn_forward
from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple

LETTERS = 6                             # of the lesson's alphabet, a to f
TWIN_STEPS = (12, 2, 3, 17)

# --- order_twin ------------------------------------------------------------------------------

order_twin = Exercise("order_twin", hints={
    "unchanged": (
        "The bags agree, but so does the order: what must move so that `b` comes first?",
        "Think of reading each sequence from its end to its start.",
    ),
    "letters_axis": (
        "You turned the letters around, not the time: which axis is time?",
        "The axes are (batch, time, letters); time is axis 1.",
    ),
    "batch_axis": (
        "You moved whole sequences to other rows of the batch; each one is still itself.",
        "The axes are (batch, time, letters): leave axis 0 alone and work on axis 1.",
    ),
    "rolled": (
        "Shifting a sequence keeps who comes first, unless a letter falls off the end. "
        "What turns *before* into *after*?",
    ),
    "complement": (
        "1 - x is not a letter any more: each step must hold exactly one 1.",
    ),
    "view": (
        "Two columns are the same now: one letter is there twice, the other is gone.",
        "y[:, :, 0] is a view 视图, not a copy: the first assignment has changed it before the "
        "second one reads it. Read both columns from x and write into y = x.copy().",
    ),
    "some_only": (
        "Some strings are turned and others are not: a and b can stand at any two steps.",
        "Try strings with a or b at the first step, at the last one, and side by side.",
    ),
    "other_letters": (
        "A twin has the letters of its own string, each as often as there.",
    ),
    "one_way": (
        "Only strings with one of the two orders are turned: the others need a twin, too.",
    ),
    None: ("Which rearrangement, of the steps or of the letters, turns every *before* into an "
           "*after*?",),
})


def _letters(rng, time):
    """Return one-hot strings, one for each pair of places at which a and b can stand."""
    pairs = [(i, j) for i in range(time) for j in range(time) if i != j]
    numbers = rng.integers(2, LETTERS, size=(len(pairs), time))
    for row, pair in zip(numbers, rng.permutation(pairs), strict=True):
        row[pair] = 0, 1
    return np.eye(LETTERS, dtype=np.float32)[numbers]


def _a_first(x):
    return x[..., 0].argmax(axis=1) < x[..., 1].argmax(axis=1)


def _twin(rng, time, answer):
    """Return strings and the learner's twins of them."""
    x = _letters(rng, time)
    twin = answer(x)
    twin = 1 * twin if isinstance(twin, np.ndarray) and twin.dtype == bool else twin
    return x, expect_array(twin, "the twin", x.shape, "(batch, time, letters)", whole=True)


def _expect_twin(condition, message, x, twin):
    """Expect something of a twin, or say which mistake it tells of."""
    if condition:
        return
    mistakes = [
        ("unchanged", x), ("letters_axis", x[..., ::-1]), ("batch_axis", x[::-1]),
        ("complement", 1 - x), ("view", _both_columns(x, 0)), ("view", _both_columns(x, 1)),
        *(("rolled", np.roll(x, k, axis=1)) for k in range(1, x.shape[1])),
    ]
    found = next((m for m, v in mistakes if np.array_equal(twin, v)), None)
    raise Wrong(message, found or _told_by_rows(x, twin))


def _told_by_rows(x, twin):
    """Return what tells a twin that fits some strings only, or holds other letters."""
    if not np.isin(twin, (0, 1)).all() or (twin.sum(axis=-1) != 1).any():
        return None
    if not np.array_equal(twin.sum(axis=1), x.sum(axis=1)):
        return "other_letters"
    kept = _a_first(twin) == _a_first(x)
    if kept.all() or not kept.any():
        return None
    return "some_only" if len(set(_a_first(x[kept]))) == 2 else "one_way"


def _both_columns(x, source):
    """Return what swapping two columns in place leaves: both are the `source`."""
    twin = x.copy()
    twin[..., :2] = x[..., source, None]
    return twin


@order_twin.part("same letters")
def _(rng, answer):
    for time in TWIN_STEPS:
        x, twin = _twin(rng, time, answer)
        one_hot = ((twin == 0) | (twin == 1)).all() and (twin.sum(axis=-1) == 1).all()
        _expect_twin(one_hot, "Some step of the twin does not hold exactly one letter.", x, twin)
        same = np.array_equal(twin.sum(axis=1), x.sum(axis=1))
        _expect_twin(same, "Some twin does not have the same letters as its string.", x, twin)


@order_twin.part("other order")
def _(rng, answer):
    for time in TWIN_STEPS:
        x, twin = _twin(rng, time, answer)
        kept = int(np.sum(_a_first(twin) == _a_first(x)))
        _expect_twin(kept == 0, f"{kept} of {len(x)} twins have their a and b in the old order.",
                     x, twin)


# --- latch -----------------------------------------------------------------------------------

latch = Exercise("latch", kind="value", hints={
    "fades": (
        "The state shrinks a little at every step. Which of the three numbers multiplies it?",
        "Near 0, tanh(u h) is about u h: below which u does h fade, above which does it grow?",
    ),
    "settles_low": (
        "The sign is kept, but the state settles too low: where is h = tanh(u h) for your u?",
        "h = 0.5 solves h = tanh(u h) at u = 1.10: to settle higher, u has to be larger.",
    ),
    "faint": (
        "With your u the state can settle high enough, but the impulse is too faint to get it "
        "there in 60 steps. Which number multiplies x_t?",
    ),
    "flips": (
        "With a negative u the state changes its sign at every step.",
        "Keep the size of u and drop its minus sign.",
    ),
    "deaf": (
        "The impulse never gets in. Which number multiplies x_t?",
    ),
    "one_sided": (
        "Both impulses end on the same side: something pushes at every step, whatever came in.",
        "Try b = 0.",
    ),
    "lopsided": (
        "One impulse is kept better than the other: which number pushes to one side?",
        "Try b = 0.",
    ),
    "wrong_sign": (
        "It remembers, but the opposite of what came in: look at the sign of w.",
    ),
    "too_weak": (
        "The first impulse is kept so firmly that the second cannot overturn it.",
        "At the second impulse the state is near 1 and pushes with u; w must push harder.",
    ),
    "wrong_count": ("Three numbers in this order: latch = (w, u, b).",),
    None: ("Draw h_t for your three numbers with the cell above and watch one impulse.",),
})


ENOUGH, SILENCE = 0.5, 60
SMALLEST_U = np.arctanh(ENOUGH) / ENOUGH        # where h = tanh(u h) has the solution ENOUGH


def _latch_numbers(answer):
    w, u, b = expect_tuple(answer, ["w", "u", "b"])
    return tuple(expect_number(n, name, whole=True) for n, name in ((w, "w"), (u, "u"), (b, "b")))


def _after(numbers, *impulses):
    """Return the state at the last impulse and at each silent step after it, a column each.

    impulses: (step, value) pairs in the order of time; both are arrays with an entry a row.
    """
    w, u, b = numbers
    rows = np.arange(len(impulses[0][0]))
    last = impulses[-1][0]
    x = np.zeros((len(rows), last.max() + SILENCE + 1))
    for step, value in impulses:
        x[rows, step] = value
    h, states = np.zeros(len(rows)), np.empty(x.shape)
    with np.errstate(over="ignore"):
        for t in range(x.shape[1]):
            states[:, t] = h = np.tanh(w * x[:, t] + u * h + b)
    return states[rows[:, None], last[:, None] + np.arange(SILENCE + 1)]


@latch.part("keeps an impulse for 60 steps")
def _(rng, answer):
    w, u, _ = numbers = _latch_numbers(answer)
    steps = np.arange(31)
    ups, downs = (_after(numbers, (steps, sign)) for sign in (1, -1))
    lost = (ups[:, -1] <= ENOUGH) | (downs[:, -1] >= -ENOUGH)
    worst = int(lost.argmax())
    up, down = ups[worst, -1], downs[worst, -1]
    said = f"60 steps after an impulse of +1 h is {up:.2f}, after -1 it is {down:.2f}"
    expect(w != 0, f"{said}: the impulse leaves no trace.", "deaf")
    flips = u < 0 and np.any(np.diff(np.sign(ups[worst])) != 0)
    expect(not flips, f"{said}, and it changed its sign on the way.", "flips")
    if max(abs(up), abs(down)) <= ENOUGH:
        small = "fades" if u <= 1 else "settles_low" if u <= SMALLEST_U else "faint"
        raise Wrong(f"{said}: too little is left (more than {ENOUGH} is needed).", small)
    expect(up * down < 0, f"{said}: which one came in cannot be told any more.", "one_sided")
    expect(up > 0, f"{said}: the signs are swapped.", "wrong_sign")
    expect(not lost[worst], f"{said}: too little is left of one (more than {ENOUGH} is needed).",
           "lopsided")


@latch.part("a later impulse overwrites it")
def _(rng, answer):
    numbers = _latch_numbers(answer)
    step, gap, first = (n.ravel() for n in np.meshgrid((0, 4, 30), np.arange(10, 61), (1, -1)))
    ends = _after(numbers, (step, first), (step + gap, -first))[:, -1]
    kept = ends * -first <= ENOUGH
    worst = int(kept.argmax())
    expect(not kept[worst], f"after {first[worst]:+d} and, {gap[worst]} steps later, "
           f"{-first[worst]:+d}, h ends at {ends[worst]:.2f}: the second impulse did not "
           "overwrite the first.", "too_weak")


# --- count_weights ---------------------------------------------------------------------------

count_weights = Exercise("count_weights", seconds=20, hints={
    "times_steps": (
        "Does the network own another set of weights for every step?",
        "The weights are shared over time: n_steps does not appear in the count.",
    ),
    "no_biases": (
        "Each of the two layers also adds something that multiplies nothing.",
        "Add one bias for each unit and one for each output.",
    ),
    "no_recurrent": (
        "How does h_{t-1} reach h_t?",
        "U is (units, units).",
    ),
    "no_dense": ("The Dense layer on top has weights too.",),
    "dense_reads_x": (
        "What does the Dense layer read: x_t or h_t?",
        "Its kernel is (units, outputs).",
    ),
    "recurrent_is_a_vector": (
        "Does each unit see only its own past, or that of every unit?",
        "U is a full matrix, (units, units).",
    ),
    "two_biases": ("SimpleRNN adds one bias for each unit, after both products are summed.",),
    "flattened": (
        "The Dense layer reads the last state only: without return_sequences no other leaves.",
        "Its kernel is (units, outputs), whatever n_steps is.",
    ),
    "swapped": (
        "Look at the order of the arguments: n_steps, n_features, n_units, n_outputs.",
    ),
    None: ("Write down the shapes of W, U, b and of the Dense layer's kernel and bias.",),
})


def _counts(t, f, u, o):
    """Return the right count and the pairs (mistake, the count that it gives)."""
    rnn, dense = u * (f + u + 1), o * (u + 1)
    right = rnn + dense
    return right, [
        ("times_steps", t * right), ("times_steps", t * rnn + dense),
        ("no_biases", right - u - o), ("no_biases", right - u), ("no_biases", right - o),
        ("no_recurrent", right - u**2), ("no_dense", rnn),
        ("dense_reads_x", rnn + o * (f + 1)), ("recurrent_is_a_vector", right - u**2 + u),
        ("two_biases", right + u), ("flattened", rnn + o * (t * u + 1)),
        ("swapped", o * (f + o + 1) + u * (o + 1)), ("swapped", f * (u + f + 1) + o * (f + 1)),
    ]


def _sizes_without_ties(rng):
    """Return four sizes at which no two mistakes, and no mistake and the truth, agree."""
    while True:
        sizes = tuple(int(n) for n in rng.choice(np.arange(2, 16), 4, replace=False))
        right, mistakes = _counts(*sizes)
        if len({right, *(count for _, count in mistakes)}) == len(mistakes) + 1:
            return sizes


def _count_of(sizes, answer, telling):
    counted = answer(*sizes)
    right, mistakes = _counts(*sizes)
    name = "count_weights" + str(sizes)
    value = expect_number(counted, name, whole=True)
    found = next((m for m, count in mistakes if telling and count == value), None)
    expect(value == right, f"{name} gives {value:.16g}, Keras counts {right}.", found)


@count_weights.part("count")
def _(rng, answer):
    for _ in range(2):
        _count_of(_sizes_without_ties(rng), answer, telling=True)
    for sizes in ((1000, 6, 16, 1), (1, 1, 1, 1), (3, 1, 9, 2), (2, 300, 1, 40), (9, 5, 5, 5),
                  (28, 28, 512, 1000)):
        _count_of(sizes, answer, telling=False)


# --- make_tagger -----------------------------------------------------------------------------

make_tagger = Exercise("make_tagger", seconds=40, hints={
    "last_only": (
        "By default a recurrent layer keeps its last state only.",
        "Give it return_sequences=True.",
    ),
    "no_time_axis": (
        "One tag for each step: which layer takes the time axis away?",
    ),
    "other_steps": (
        "Your model gives another number of steps than it reads: which layer changes it?",
        "A recurrent layer with return_sequences=True keeps the steps, a Dense layer too.",
    ),
    "fixed_length": (
        "Your model accepts one length only: which number in its Input should be open?",
        "keras.Input((None, n_features)): None leaves the number of steps open.",
    ),
    "fixed_batch": (
        "Your model accepts one batch size only: leave that open, too.",
        "keras.Input((None, n_features)) says nothing about the batch; no stateful=True here.",
    ),
    "fixed_features": (
        "The number of features comes with the call: n_features.",
        "keras.Input((None, n_features)).",
    ),
    "swapped": (
        "The function is given n_features first, then n_tags: which of them does Dense need?",
    ),
    "wrong_rank": (
        "A batch of sequences has three axes; Input names two of them: steps and features.",
        "keras.Input((None, n_features)).",
    ),
    "several_outputs": (
        "The model gives more than the tags: return_state=True, or a list of outputs?",
    ),
    "several_inputs": ("One input is enough: the sequences.",),
    "not_a_model": (
        "A layer, or a list of layers, is not a model yet.",
        "keras.Sequential([keras.Input((None, n_features)), ...]) makes a model of layers.",
    ),
    "wrong_width": ("The last axis must have one number for each tag: n_tags.",),
    "not_probabilities": (
        "Which activation turns the numbers of a step into shares that sum to 1?",
        'Dense(n_tags, activation="softmax"): it works on the last axis.',
    ),
    "softmax_over_time": (
        "Your outputs sum to 1 over the steps: they should over the tags of each step.",
        "Softmax along the last axis, as in Dense(n_tags, activation=\"softmax\").",
    ),
    "memoryless": (
        "The tag of a step depends on that step alone: the model has no memory.",
        "Put a recurrent layer before the Dense layer.",
    ),
    "window": (
        "Your model looks back a few steps only: nothing carries on what was read before them.",
        "Put a recurrent layer before the Dense layer: its state goes through all steps.",
    ),
    "not_recurrent": (
        "The exercise asks for a recurrent layer: SimpleRNN, LSTM or GRU.",
    ),
    "sees_future": (
        "A synced model speaks while it reads: it cannot know the steps to come.",
        "Read in one direction only: no Bidirectional, no go_backwards, no mixing over time.",
    ),
    "backwards": (
        "Your outputs come in the order of reading, and the reading starts at the last step.",
        "With go_backwards output 1 belongs to the last step: leave it out.",
    ),
    None: ("A recurrent layer with return_sequences=True, then a Dense layer with softmax.",),
})

# n_features, n_tags, and the (batch, time) that the model is tried on
TAGGERS = ((7, 4, ((2, 9), (4, 13), (3, 1))), (2, 5, ((4, 11),)))


@functools.lru_cache(maxsize=1)
def _taggers(answer):
    """Build the learner's models, once for all parts, and note the Input each declares."""
    import keras

    models = []
    for n_features, n_tags, sizes in TAGGERS:
        model = answer(n_features, n_tags)
        expect(model is not None, "No model came back: is a `return` missing?", "returns_none")
        parts = model if isinstance(model, (list, tuple)) else [model]
        layers = all(isinstance(part, keras.layers.Layer) for part in parts)
        expect(isinstance(model, keras.Model),
               f"A Keras model is expected, got {type(model).__name__}.",
               "not_a_model" if layers else None)
        shapes = _declared(model)
        if shapes:
            _expect_open(shapes, model, n_features, n_tags)
        models.append((model, n_features, n_tags, sizes))
    return models


def _declared(model):
    """Return the shapes of the inputs that a model was built for, [] if it still is open."""
    try:
        shapes = model.input_shape
    except Exception:
        return []
    if isinstance(shapes, dict):
        return list(shapes.values())
    return list(shapes) if shapes and isinstance(shapes[0], (list, tuple)) else [shapes]


def _expect_open(shapes, model, n_features, n_tags):
    expect(len(shapes) == 1, f"the model has {len(shapes)} inputs: one is expected.",
           "several_inputs")
    shape = tuple(shapes[0])
    expect(len(shape) == 3, f"the model's Input has the shape {shape[1:]}: the steps and the "
           f"features, (None, {n_features}), are expected.", "wrong_rank")
    batch, steps, features = shape
    if features not in (None, n_features):
        turned = features == n_tags and getattr(model, "output_shape", shape)[-1] == n_features
        raise Wrong(f"for n_features = {n_features} the model's Input says {features} features.",
                    "swapped" if turned else "fixed_features")
    if steps is not None and batch is not None:
        return                          # of an example that it was built on: the calls will tell
    expect(steps is None, f"the model's Input says {steps} steps: leave the number open.",
           "fixed_length")
    expect(batch is None, f"the model's Input says a batch of {batch}: leave the number open.",
           "fixed_batch")


def _stops(model, shape):
    """Return the error with which the model stops on an input of `shape`, or None."""
    try:
        model(np.zeros(shape, "float32"))
    except Exception as error:
        return error
    return None


def _readable(error):
    """Return the first words of a message of Keras, without what is meant for a terminal."""
    text = re.sub(r"\x1b\[[0-9;]*m|\{\{.*?\}\}", "", str(error))
    text = " ".join(text.split("Arguments received by")[0].split())
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= 200 else text[:197] + "..."


def _call(model, x):
    """Return the model's output for x as an array, or say what is wrong with the model."""
    import keras

    try:
        y = model(x)
    except Exception as error:
        batch, time, features = x.shape
        said = f"the model stops on an input of shape {x.shape}"
        for mistake, axis, shapes in (
            ("fixed_length", "steps", [(batch, n, features) for n in range(1, 25)]),
            ("fixed_features", "features", [(batch, time, n) for n in range(1, 17)]),
            ("fixed_batch", "sequences", [(n, time, features) for n in range(1, 9)]),
        ):
            fits = [s for s in shapes if s != x.shape and not _stops(model, s)]
            if fits:
                [number] = set(fits[0]) - set(x.shape) or {axis}
                raise Wrong(f"{said}; with {number} {axis} it does not.", mistake) from None
        raise Wrong(f"{said}: {_readable(error)}") from None
    expect(not isinstance(y, (list, tuple, dict)), "the model gives several outputs: one array "
           "(batch, time, tags) is expected.", "several_outputs")
    return keras.ops.convert_to_numpy(y)


def _recurrent(model):
    """Return the recurrent layers of Keras in a model, and whether it holds code of its own."""
    import keras

    layers = model._flatten_layers(include_self=True)
    own = any(not type(layer).__module__.startswith("keras.")
              or isinstance(layer, keras.layers.Lambda) for layer in layers)
    return [layer for layer in layers if isinstance(layer, keras.layers.RNN)], own


@make_tagger.part("shape, at any length")
def _(rng, answer):
    for model, n_features, n_tags, sizes in _taggers(answer):
        for batch, time in sizes:
            y = _call(model, rng.normal(size=(batch, time, n_features)).astype("float32"))
            text = f"for an input (batch, time, features) = {(batch, time, n_features)} the output"
            if y.ndim != 3:
                last = any(not layer.return_sequences for layer in _recurrent(model)[0])
                raise Wrong(f"{text} has shape {y.shape}: one tag for each step is asked for.",
                            "last_only" if last else "no_time_axis")
            expect(y.shape[1] == time, f"{text} has shape {y.shape}: {time} steps are expected.",
                   "other_steps")
            expect(y.shape[-1] == n_tags, f"{text} has shape {y.shape}: its last axis must be "
                   f"n_tags = {n_tags}.", "wrong_width")
            expect_array(y, text, (batch, time, n_tags), "(batch, time, tags)")


@make_tagger.part("probabilities")
def _(rng, answer):
    model, n_features, n_tags, _ = _taggers(answer)[0]
    y = _call(model, 3 * rng.normal(size=(3, 9, n_features)).astype("float32"))
    expect(y.shape[-1] == n_tags, "the last axis is not n_tags wide.", "wrong_width")
    fine = y.min() >= 0 and np.allclose(y.sum(axis=-1), 1, atol=1e-4)
    over_time = y.ndim == 3 and np.allclose(y.sum(axis=1), 1, atol=1e-4)
    expect(fine, "at some step the outputs are not shares that sum to 1.",
           "softmax_over_time" if over_time else "not_probabilities")


@contextlib.contextmanager
def _shaken(model, rng, scale):
    """Add noise to the weights: behind a kernel of zeros nothing would move."""
    import keras

    kept = [(v, keras.ops.convert_to_numpy(v)) for v in model.trainable_variables]
    try:
        for variable, value in kept:
            variable.assign(value + rng.normal(scale=scale, size=value.shape))
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)


@make_tagger.part("reads the past, not the future")
def _(rng, answer):
    model, n_features, *_ = _taggers(answer)[0]
    x = 0.5 * rng.normal(size=(2, 11, n_features)).astype("float32")
    late, early = x.copy(), x.copy()
    late[:, 9] += 3 * np.sign(late[:, 9])               # off the middle
    early[:, 1] += 3 * np.sign(early[:, 1])
    moved = np.zeros((2, 11), bool)                     # which outputs did so, with late and early
    for scale in (0.1, 0.5, 0.5, 1.0, 0.1):             # with some weights a memory is short
        with _shaken(model, rng, scale):
            y = _call(model, np.concatenate([x, late, early]))
        expect(y.shape[:2] == (6, 11), "the output has another time axis than the input: one tag "
               "for each step is asked for.", "no_time_axis")
        y = y.reshape(3, 2, 11, -1)
        moved |= np.abs(y[1:] - y[0]).max(axis=(1, 3)) > 1e-7
        if moved[1, 9:].any():
            break
    late, early = moved
    turned = np.arange(11) >= 1
    found = "backwards" if np.array_equal(late, turned) and not early[:9].any() else "sees_future"
    expect(not late[:9].any(), "changing step 10 of the input changed an earlier output.", found)
    expect(not early[0], "changing step 2 of the input changed output 1.", "sees_future")
    for step, where in ((10, late), (2, early)):
        expect(where[step - 1], f"changing step {step} of the input left output {step} as it was.")
    expect(early[2:].any(), "changing step 2 of the input changed output 2 and no later one.",
           "memoryless")
    expect(early[9:].any(), "changing step 2 of the input left outputs 10 and 11 as they were.",
           "window")
    layers, own = _recurrent(model)
    expect(layers or own, "there is no recurrent layer in the model.", "not_recurrent")


# --- pad_batch -------------------------------------------------------------------------------

pad_batch = Exercise("pad_batch", hints={
    "in_front": (
        "Here the zeros come after the sequence, not before it.",
        "Write each sequence from step 0 on: x[k, :len(sequence)] = sequence.",
    ),
    "cut_to_shortest": (
        "No step may be lost: how long is the *longest* sequence?",
    ),
    "fixed_length": (
        "The number of steps is that of the longest sequence given, whatever it is.",
        "longest = max(len(sequence) for sequence in sequences).",
    ),
    "sorted": (
        "Your sequences come in another order than they were given.",
    ),
    "repeats_last": (
        "Fill up with zeros, not with the last row again.",
    ),
    "cut_to_integers": (
        "Your x holds integers, so the decimals are gone.",
        'keras.utils.pad_sequences makes integers unless you give it dtype="float32".',
    ),
    "swapped": ("Return x first, then the mask.",),
    "wrong_count": ("Give both back: `return x, mask`.",),
    "inverted": (
        "The mask is True where a step is real.",
        "Yours is True where it is padding: turn it round.",
    ),
    "from_values": (
        "A step of zeros can be real, in the middle of a sequence or at its end.",
        "Build the mask from the lengths, not from the values.",
    ),
    "per_feature": (
        "A step is real with all its features: one True or False for each step is enough.",
    ),
    "not_bool": (
        "The values are right, but they are numbers: a mask is made of True and False.",
        "Start from np.zeros((batch, longest), dtype=bool), or compare: "
        "np.arange(longest) < length.",
    ),
    "lengths": (
        "Those are the lengths: the mask says for each step of each sequence whether it is real.",
        "Compare step numbers with the lengths: np.arange(longest) < length.",
    ),
    "all_true": ("Not every step is real: what does the mask say after a sequence's end?",),
    "one_short": (
        "Count again: the last real step of each sequence is marked as padding.",
        "Steps are numbered from 0: step t is real when t < length.",
    ),
    "one_long": (
        "Count again: the first step of padding is marked as real.",
        "Steps are numbered from 0: step t is real when t < length.",
    ),
    None: ("Start from np.zeros((batch, longest, features)) and write each sequence into it.",),
})

# Lengths and number of features of each batch: the longest is first, last and between.
RAGGED = (((3, 5, 8, 6), 2), ((1, 7), 3), ((11, 2, 4), 1), ((4,), 2), ((2, 5, 1, 3, 9, 6), 4))


def _ragged(rng, lengths, features):
    """Return sequences with real steps of zeros: one between others, and last ones."""
    sequences = [rng.normal(size=(n, features)).astype(np.float32) for n in lengths]
    sequences[0][-1] = 0
    sequences[int(np.argmax(lengths))][[1, -1]] = 0
    return sequences


def _padded(sequences, longest, front=False, **how):
    gaps = [longest - len(s) for s in sequences]
    return np.stack([np.pad(s, ((gap, 0) if front else (0, gap), (0, 0)), **how)
                     for s, gap in zip(sequences, gaps, strict=True)])


def _of_any_length(value, right):
    """Return whether `value` is `right` with more or fewer steps than there are."""
    if not isinstance(value, np.ndarray) or value.ndim != right.ndim \
            or value.dtype.kind not in "fiub" or value.shape[1] == right.shape[1] \
            or np.delete(value.shape, 1).tolist() != np.delete(right.shape, 1).tolist():
        return False
    steps = min(value.shape[1], right.shape[1])
    return np.allclose(value[:, :steps], right[:, :steps]) and not value[:, steps:].any()


def _x_and_mask(answer, sequences):
    x, mask = expect_tuple(answer(sequences), ["x", "mask"])
    turned = str(getattr(x, "dtype", "")) == "bool" and getattr(mask, "ndim", 0) == 3
    expect(not turned, "x is the mask, and the mask is x.", "swapped")
    return x, mask


def _judge_x(x, sequences):
    lengths = [len(s) for s in sequences]
    right = _padded(sequences, max(lengths))
    whole = getattr(x, "dtype", None)
    expect(not isinstance(x, np.ndarray) or whole.kind not in "iu",
           f"x has dtype {whole}: floats are expected.", "cut_to_integers")
    cut = np.stack([s[: min(lengths)] for s in sequences])
    by_length = np.argsort(lengths, kind="stable")
    try:
        expect_close(x, right, "x", axes="(batch, longest, features)", mistakes={
            "in_front": _padded(sequences, max(lengths), front=True), "cut_to_shortest": cut,
            "repeats_last": _padded(sequences, max(lengths), mode="edge"),
            "sorted": (right[by_length], right[by_length[::-1]]),
        })
    except Wrong as wrong:
        fixed = wrong.mistake == "wrong_shape" and _of_any_length(x, right)
        raise Wrong(str(wrong), "fixed_length" if fixed else wrong.mistake) from None


def _judge_mask(mask, sequences):
    expect(mask is not None, "mask is None.", "returns_none")
    expect(not isinstance(mask, (list, tuple)), f"mask is a {type(mask).__name__}: give one array "
           "instead.", "not_an_array")
    lengths = np.array([len(s) for s in sequences])
    longest, ends = lengths.max(), lengths[:, None]
    mask, steps = np.asarray(mask), np.arange(longest)
    right = steps < ends
    values = np.any(_padded(sequences, longest) != 0, axis=-1)
    mistakes = [
        ("inverted", ~right), ("from_values", values),
        ("from_values", values[:, ::-1].cumsum(axis=1)[:, ::-1] > 0),
        ("all_true", np.ones_like(right)), ("in_front", steps >= longest - ends),
        ("one_short", steps < ends - 1), ("one_long", steps <= ends),
        ("cut_to_shortest", np.ones((len(lengths), lengths.min()), bool)),
        ("per_feature", np.repeat(right[..., None], sequences[0].shape[1], axis=-1)),
        ("per_feature", right[..., None]), ("lengths", lengths), ("lengths", ends),
        ("transposed", right.T),
    ]
    found = next((m for m, v in mistakes if mask.shape == v.shape and np.array_equal(
        mask if m == "lengths" else mask != 0, v)), None)
    found = "fixed_length" if not found and _of_any_length(mask, right) else found
    expect(mask.shape == right.shape, "mask has the wrong shape: expected (batch, longest) = "
           f"{right.shape}, got {mask.shape}.", found or "wrong_shape")
    expect(np.array_equal(mask != 0, right),
           f"mask is wrong at {int(np.sum((mask != 0) != right))} of {right.size} places.", found)
    expect(mask.dtype == bool, f"mask has dtype {mask.dtype}: True and False are expected.",
           "not_bool")


@pad_batch.part("x")
def _(rng, answer):
    for lengths, features in RAGGED:
        sequences = _ragged(rng, lengths, features)
        x, _ = _x_and_mask(answer, sequences)
        _judge_x(x, sequences)


@pad_batch.part("mask")
def _(rng, answer):
    for lengths, features in RAGGED:
        sequences = _ragged(rng, lengths, features)
        _, mask = _x_and_mask(answer, sequences)
        _judge_mask(mask, sequences)


# --- in_chunks -------------------------------------------------------------------------------

in_chunks = Exercise("in_chunks", seconds=40, hints={
    "no_reset": (
        "The layer still remembers what it read before this call.",
        "Call layer.reset_state() once, before the first chunk.",
    ),
    "resets_each_chunk": (
        "Between two chunks of one sequence the state must live on.",
        "Call layer.reset_state() once, before the loop, not inside it.",
    ),
    "first_chunk": ("The answer is the state after the *last* chunk.",),
    "all_chunks": (
        "You return the states after all chunks together: only that after the last is asked for.",
        "Each call gives the state after its chunk; the last call's is the answer.",
    ),
    "drops_rest": (
        "The length need not be a multiple of the chunk: the rest counts too.",
        "range(0, n_steps, n_chunk) starts a chunk at each of its numbers, a short one at last.",
    ),
    "one_pass": (
        "The state is right, but the layer read everything in one call: give it n_chunk steps "
        "at a time.",
    ),
    "single_steps": (
        "The state is right, but the layer read one step at a time: give it n_chunk of them.",
        "range(start, stop, step) has a third number.",
    ),
    "counts_chunks": (
        "n_chunk is the number of steps in a chunk, not the number of chunks.",
        "range(0, n_steps, n_chunk) starts a chunk at each of its numbers.",
    ),
    "fixed_chunk": (
        "The state is right, but your chunks have another length than n_chunk.",
    ),
    "by_hand": (
        "The state is right, but `layer` was never called: it holds the weights and the state.",
        "layer(x[:, start:start + n_chunk]) reads a chunk and returns the state after it.",
    ),
    None: ("Reset once, then call the layer on x[:, start:start + n_chunk] for each start.",),
})


@functools.cache
def _watched(batch, features, units):
    """Return a stateful layer, built once, with the list of lengths that it will read.

    A length is noted as (steps, True), or as (steps or None, False) where the call was only
    traced, as `predict` does.
    """
    import keras

    lengths = []

    class Watched(keras.layers.SimpleRNN):
        def call(self, sequences, initial_state=None, mask=None, training=False):
            try:
                keras.ops.convert_to_numpy(sequences)
                lengths.append((sequences.shape[1], True))
            except Exception:
                lengths.append((sequences.shape[1], False))
            return super().call(sequences, initial_state, mask, training)

    layer = Watched(units, stateful=True)
    layer.build((batch, None, features))
    return layer, lengths


def _chunk_case(rng, batch, features, units, time):
    """Return the layer with fresh weights and a used state, what it reads, x, and both."""
    layer, lengths = _watched(batch, features, units)
    layer.stateful, layer.go_backwards = True, False    # whatever an answer before did to it
    layer.return_sequences, layer.return_state = False, False
    turn, _ = np.linalg.qr(rng.normal(size=(units, units)))
    weights = [0.5 * rng.normal(size=(features, units)), 1.1 * turn,    # a long memory
               rng.uniform(-0.4, 0.4, size=units)]
    used = rng.choice([-1, 1], size=(batch, units)) * rng.uniform(0.5, 0.9, size=(batch, units))
    layer.set_weights(weights)
    layer.states[0].assign(used)
    lengths.clear()
    x = rng.normal(size=(batch, time, features)).astype("float32")
    return layer, lengths, x, weights, used


def _last_state(x, weights, start=0.0):
    h_0 = np.zeros((len(x), len(weights[1]))) + start
    return simple_rnn_forward(x, h_0, *weights)[0][:, -1]


def _cut(time, n_chunk):
    return [min(n_chunk, time - start) for start in range(0, time, n_chunk)]


def _expect_chunks(lengths, time, n_chunk):
    """Expect that the layer read chunks of `n_chunk` steps and a shorter last one."""
    wanted, read = _cut(time, n_chunk), [steps for steps, _ in lengths]
    if not all(seen for _, seen in lengths):            # traced: how often, nobody can tell
        known = {steps for steps in read if steps is not None}
        right, read = known <= set(wanted), sorted(known)
    else:
        right = read == wanted
    pieces = [len(p) for p in np.array_split(np.arange(time), n_chunk)]
    mistakes = [("by_hand", []), ("one_pass", [time]), ("single_steps", [1] * time),
                ("single_steps", [1]), ("counts_chunks", pieces),
                ("counts_chunks", _cut(time, -(-time // n_chunk))),
                *(("fixed_chunk", _cut(time, k)) for k in range(2, time))]
    found = next((m for m, v in mistakes if read == v), None)
    expect(right, f"expected chunks of {', '.join(map(str, wanted))} steps, and the "
           f"layer read {', '.join(map(str, read)) or 'nothing'}.", found)


def _judge_chunks(answer, rng, sizes, time, n_chunk):
    import keras

    layer, lengths, x, weights, used = _chunk_case(rng, *sizes, time)
    value = answer(layer, x, n_chunk)
    if keras.ops.is_tensor(value):
        value = keras.ops.convert_to_numpy(value)
    starts = range(0, time, n_chunk)
    right, last = _last_state(x, weights), x[:, starts[-1]:]
    each = [_last_state(x[:, :start + n_chunk], weights) for start in starts]
    mistakes = {
        "no_reset": _last_state(x, weights, used), "first_chunk": each[0],
        "resets_each_chunk": _last_state(last, weights),
        "all_chunks": (np.concatenate(each), np.concatenate(each, axis=1), np.stack(each),
                       np.stack(each, axis=1)),
    }
    if time >= n_chunk:
        mistakes["drops_rest"] = _last_state(x[:, :time // n_chunk * n_chunk], weights)
    expect_close(value, right, "the last state", axes="(batch, units)", atol=1e-5,
                 mistakes=mistakes)
    _expect_chunks(lengths, time, n_chunk)


CHUNK_SIZES = ((5, 3, 6), (1, 4, 2))    # batch, features, units


@in_chunks.part("equals one long pass")
def _(rng, answer):
    first, second = CHUNK_SIZES
    for sizes, time, n_chunk in ((first, 12, 4), (second, 5, 5), (second, 3, 1)):
        _judge_chunks(answer, rng, sizes, time, n_chunk)


@in_chunks.part("a last chunk that is shorter")
def _(rng, answer):
    first, second = CHUNK_SIZES
    for sizes, time, n_chunk in ((first, 8, 3), (second, 2, 5), (second, 7, 2)):
        _judge_chunks(answer, rng, sizes, time, n_chunk)


seal(__name__)
