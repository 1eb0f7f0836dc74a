"""Checks of lesson 01: order, memory, shared parameters, shapes, padding and carried state."""

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple

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
    None: ("Which rearrangement, of the steps or of the letters, turns every *before* into an "
           "*after*?",),
})


def _letters(rng):
    """Return one-hot sequences (batch, time, letters) with one a and one b, not at the ends.

    In some of them a and b are neighbours, at each place in turn: a fixed shift that turns
    the order of one such pair keeps that of the others.
    """
    batch, time, letters = 17, int(rng.integers(10, 14)), 6
    ids = rng.integers(2, letters, size=(batch, time))
    for place, row in enumerate(ids, start=2):
        pair = (place, place + 1) if place + 1 < time - 2 else \
            rng.choice(np.arange(2, time - 2), 2, replace=False)
        row[rng.permutation(pair)] = 0, 1
    return np.eye(letters, dtype=np.float32)[ids]


def _a_first(x):
    return x[..., 0].argmax(axis=1) < x[..., 1].argmax(axis=1)


def _twin(rng, answer):
    x = _letters(rng)
    twin = expect_array(answer(x), "the twin", x.shape, "(batch, time, letters)", whole=True)
    mistakes = {
        "unchanged": x, "letters_axis": x[..., ::-1], "batch_axis": x[::-1],
        "complement": 1 - x, "view": _both_columns(x, 1),
    }
    found = next((m for m, v in mistakes.items() if np.array_equal(twin, v)), None)
    if found is None and np.array_equal(twin, _both_columns(x, 0)):
        found = "view"
    if found is None and any(np.array_equal(twin, np.roll(x, k, axis=1))
                             for k in range(1, x.shape[1])):
        found = "rolled"
    return x, twin, found


def _both_columns(x, source):
    """Return what swapping two columns in place leaves: both are the `source`."""
    twin = x.copy()
    twin[..., :2] = x[..., source, None]
    return twin


@order_twin.part("same letters")
def _(rng, answer):
    x, twin, found = _twin(rng, answer)
    one_hot = np.isin(twin, (0, 1)).all() and np.array_equal(twin.sum(-1), np.ones(x.shape[:2]))
    expect(one_hot, "Some step of the twin does not hold exactly one letter.", found)
    same = np.array_equal(twin.sum(axis=1), x.sum(axis=1))
    expect(same, "Some twin does not have the same letters as its sequence.", found)


@order_twin.part("other order")
def _(rng, answer):
    x, twin, found = _twin(rng, answer)
    kept = int(np.sum(_a_first(twin) == _a_first(x)))
    expect(kept == 0, f"{kept} of {len(x)} twins have their a and b in the old order.", found)


# --- latch -----------------------------------------------------------------------------------

latch = Exercise("latch", kind="value", hints={
    "fades": (
        "The state shrinks a little at every step. Which of the three numbers multiplies it?",
        "Near 0, tanh(u h) is about u h: below which u does h fade, above which does it grow?",
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
    "wrong_sign": (
        "It remembers, but the opposite of what came in: look at the sign of w.",
    ),
    "too_weak": (
        "The first impulse is kept so firmly that the second cannot overturn it.",
        "At the second impulse the state is near 1 and pushes with u; w must push harder.",
    ),
    None: ("Draw h_t for your three numbers with the cell above and watch one impulse.",),
})


def _states(w, u, b, impulses):
    h, states = 0.0, []
    for x_t in impulses:
        h = float(np.tanh(w * x_t + u * h + b))
        states.append(h)
    return np.array(states)


def _latch_numbers(answer):
    answer = list(answer) if isinstance(answer, np.ndarray) and answer.ndim == 1 else answer
    w, u, b = expect_tuple(answer, ["w", "u", "b"])
    return expect_number(w, "w", True), expect_number(u, "u", True), expect_number(b, "b", True)


@latch.part("keeps an impulse for 60 steps")
def _(rng, answer):
    w, u, b = _latch_numbers(answer)
    at = int(rng.integers(3, 9))
    impulse = np.zeros(at + 61)
    impulse[at] = 1
    ups = _states(w, u, b, impulse)
    downs = _states(w, u, b, -impulse)
    up, down = ups[-1], downs[-1]
    said = f"60 steps after an impulse of +1 h is {up:.2f}, after -1 it is {down:.2f}"
    if w == 0:
        raise Wrong(f"{said}: the impulse leaves no trace.", "deaf")
    if u < 0 and np.any(np.diff(np.sign(ups[at:])) != 0):
        raise Wrong(f"{said}, and it changed its sign on the way.", "flips")
    expect(max(abs(up), abs(down)) > 0.5, f"{said}: too little is left (0.5 is needed).", "fades")
    expect(up * down < 0, f"{said}: which one came in cannot be told any more.", "one_sided")
    expect(min(abs(up), abs(down)) > 0.5, f"{said}: too little is left (0.5 is needed).",
           "one_sided")
    expect(up > 0, f"{said}: the signs are swapped.", "wrong_sign")


@latch.part("a later impulse overwrites it")
def _(rng, answer):
    w, u, b = _latch_numbers(answer)
    first, second = rng.permutation([1.0, -1.0])
    at, later = int(rng.integers(3, 9)), int(rng.integers(30, 40))
    impulses = np.zeros(100)
    impulses[at], impulses[later] = first, second
    states = _states(w, u, b, impulses)
    held, end = states[later - 1] * first > 0.5, states[-1] * second > 0.5
    said = f"after {first:+.0f} and then {second:+.0f}, h ends at {states[-1]:.2f}"
    expect(held, f"{said}; the first impulse was lost before the second came.")
    expect(end, f"{said}: the second impulse did not overwrite the first.", "too_weak")


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
    None: ("Write down the shapes of W, U, b and of the Dense layer's kernel and bias.",),
})


def _count_case(rng):
    """Return four different sizes and {count: the mistake that gives it}, without ties."""
    while True:
        t, f, u, o = (int(n) for n in rng.choice(np.arange(2, 16), 4, replace=False))
        rnn, dense = u * (f + u + 1), o * (u + 1)
        right = rnn + dense
        counts = [
            ("times_steps", t * right), ("times_steps", t * rnn + dense),
            ("no_biases", right - u - o), ("no_biases", right - u), ("no_biases", right - o),
            ("no_recurrent", right - u**2), ("no_dense", rnn),
            ("dense_reads_x", rnn + o * (f + 1)), ("recurrent_is_a_vector", right - u**2 + u),
        ]
        mistakes = {count: mistake for mistake, count in counts}
        if len(mistakes) == len(counts) and right not in mistakes:
            return t, f, u, o, mistakes


@count_weights.part("count")
def _(rng, answer):
    import keras

    for _ in range(3):
        n_steps, n_features, n_units, n_outputs, mistakes = _count_case(rng)
        model = keras.Sequential([
            keras.Input((n_steps, n_features)), keras.layers.SimpleRNN(n_units),
            keras.layers.Dense(n_outputs),
        ])
        right = model.count_params()
        counted = answer(n_steps, n_features, n_units, n_outputs)
        name = f"count_weights({n_steps}, {n_features}, {n_units}, {n_outputs})"
        value = expect_number(counted, name, whole=True)
        found = mistakes.get(value)
        expect(value == right, f"{name} gives {value:g}, Keras counts {right}.", found)


# --- make_tagger -----------------------------------------------------------------------------

make_tagger = Exercise("make_tagger", seconds=40, hints={
    "last_only": (
        "By default a recurrent layer keeps its last state only.",
        "Give it return_sequences=True.",
    ),
    "fixed_length": (
        "Your model accepts one length only: which number in its Input should be open?",
        "keras.Input((None, n_features)): None leaves the number of steps open.",
    ),
    "wrong_width": ("The last axis must have one number for each tag: n_tags.",),
    "not_probabilities": (
        "Which activation turns the numbers of a step into shares that sum to 1?",
        'Dense(n_tags, activation="softmax"): it works on the last axis.',
    ),
    "memoryless": (
        "The tag of a step depends on that step alone: the model has no memory.",
        "Put a recurrent layer before the Dense layer.",
    ),
    "window": (
        "Your model looks back a few steps only: nothing carries on what was read before them.",
        "Put a recurrent layer before the Dense layer: its state goes through all steps.",
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


def _tagger(rng, answer):
    """Build the learner's model and return it with its sizes."""
    import keras

    n_features, n_tags = int(rng.integers(6, 9)), int(rng.integers(3, 6))
    model = answer(n_features, n_tags)
    expect(model is not None, "No model came back: is a `return` missing?", "returns_none")
    expect(isinstance(model, keras.Model),
           f"A Keras model is expected, got {type(model).__name__}.")
    return model, n_features, n_tags


def _call(model, x):
    import keras

    try:
        return keras.ops.convert_to_numpy(model(x))
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        raise Wrong(f"the model stops on an input of shape {x.shape}: {text}", "fixed_length") \
            from None


@make_tagger.part("shape, at any length")
def _(rng, answer):
    model, n_features, n_tags = _tagger(rng, answer)
    steps = model.input_shape[1] if model.built else None
    expect(steps is None, f"the model's Input says {steps} steps: leave the number open.",
           "fixed_length")
    for batch, time in ((2, 9), (4, 13)):
        y = _call(model, rng.normal(size=(batch, time, n_features)).astype("float32"))
        text = f"for an input (batch, time, features) = {(batch, time, n_features)} the output"
        expect(y.ndim == 3, f"{text} has shape {y.shape}: one tag for each step is asked for.",
               "last_only")
        expect(y.shape[-1] == n_tags, f"{text} has shape {y.shape}: its last axis must be "
               f"n_tags = {n_tags}.", "wrong_width")
        expect_array(y, text, (batch, time, n_tags), "(batch, time, tags)")


@make_tagger.part("probabilities")
def _(rng, answer):
    model, n_features, n_tags = _tagger(rng, answer)
    y = _call(model, 3 * rng.normal(size=(3, 9, n_features)).astype("float32"))
    expect(y.shape[-1] == n_tags, "the last axis is not n_tags wide.", "wrong_width")
    fine = y.min() >= 0 and np.allclose(y.sum(axis=-1), 1, atol=1e-4)
    expect(fine, "at some step the outputs are not shares that sum to 1.", "not_probabilities")


def _moved(model, x, step):
    """Return (time,): True where the output moves when the input at index `step` does."""
    changed = x.copy()
    changed[:, step] += 3 * np.sign(changed[:, step])
    return np.abs(_call(model, changed) - _call(model, x)).max(axis=(0, 2)) > 1e-7


@make_tagger.part("reads the past, not the future")
def _(rng, answer):
    model, n_features, _ = _tagger(rng, answer)
    x = 0.5 * rng.normal(size=(2, 11, n_features)).astype("float32")
    expect(_call(model, x).ndim == 3, "the output has no time axis: one tag for each step is "
           "asked for.", "last_only")
    late, early = _moved(model, x, 9), _moved(model, x, 1)      # off the middle
    turned = np.arange(11) >= 1
    found = "backwards" if np.array_equal(late, turned) and not early[:9].any() else "sees_future"
    expect(not late[:9].any(), "changing step 10 of the input changed an earlier output.", found)
    expect(not early[0], "changing step 2 of the input changed output 1.", "sees_future")
    for step, moved in ((10, late), (2, early)):
        expect(moved[step - 1], f"changing step {step} of the input left output {step} as it was.")
    expect(early[2:].any(), "changing step 2 of the input changed output 2 and no later one.",
           "memoryless")
    expect(early[9:].any(), "changing step 2 of the input left outputs 10 and 11 as they were.",
           "window")


# --- pad_batch -------------------------------------------------------------------------------

pad_batch = Exercise("pad_batch", hints={
    "in_front": (
        "Here the zeros come after the sequence, not before it.",
        "Write each sequence from step 0 on: x[k, :len(sequence)] = sequence.",
    ),
    "cut_to_shortest": (
        "No step may be lost: how long is the *longest* sequence?",
    ),
    "repeats_last": (
        "Fill up with zeros, not with the last row again.",
    ),
    "inverted": (
        "The mask is True where a step is real.",
        "Yours is True where it is padding: turn it round.",
    ),
    "from_values": (
        "One of the sequences has a step of zeros in its middle, and that step is real.",
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
    "all_true": ("Not every step is real: what does the mask say after a sequence's end?",),
    "one_short": (
        "Count again: the last real step of each sequence is marked as padding.",
        "Steps are numbered from 0: step t is real when t < length.",
    ),
    None: ("Start from np.zeros((batch, longest, features)) and write each sequence into it.",),
})


def _ragged(rng):
    """Return sequences of distinct lengths, one of them with a real step of zeros."""
    lengths = rng.permutation([3, 5, 6, 8])
    sequences = [rng.normal(size=(n, 2)).astype(np.float32) for n in lengths]
    sequences[int(rng.integers(4))][1] = 0
    return sequences


def _padded(sequences, longest, **how):
    return np.stack([np.pad(s, ((0, longest - len(s)), (0, 0)), **how) for s in sequences])


@pad_batch.part("x")
def _(rng, answer):
    sequences = _ragged(rng)
    lengths = [len(s) for s in sequences]
    x, _ = expect_tuple(answer(sequences), ["x", "mask"])
    front = np.stack([np.pad(s, ((8 - len(s), 0), (0, 0))) for s in sequences])
    expect_close(x, _padded(sequences, 8), "x", axes="(batch, longest, features)", mistakes={
        "in_front": front,
        "cut_to_shortest": np.stack([s[: min(lengths)] for s in sequences]),
        "repeats_last": _padded(sequences, 8, mode="edge"),
    })


@pad_batch.part("mask")
def _(rng, answer):
    sequences = _ragged(rng)
    lengths = np.array([len(s) for s in sequences])[:, None]
    _, mask = expect_tuple(answer(sequences), ["x", "mask"])
    expect(mask is not None, "mask is None.", "returns_none")
    expect(not isinstance(mask, (list, tuple)), f"mask is a {type(mask).__name__}: give one array "
           "instead.", "not_an_array")
    mask, steps = np.asarray(mask), np.arange(8)
    right = steps < lengths
    values = np.any(_padded(sequences, 8) != 0, axis=-1)
    mistakes = {
        "inverted": ~right, "from_values": values, "all_true": np.ones_like(right),
        "in_front": steps >= 8 - lengths, "one_short": steps < lengths - 1,
        "cut_to_shortest": np.ones((4, lengths.min()), bool),
        "per_feature": np.repeat(right[..., None], 2, axis=-1),
    }
    found = next((m for m, v in mistakes.items()
                  if mask.shape == v.shape and np.array_equal(mask != 0, v)), None)
    expect(mask.shape == right.shape, "mask has the wrong shape: expected (batch, longest) = "
           f"{right.shape}, got {mask.shape}.", found or "wrong_shape")
    expect(np.array_equal(mask != 0, right),
           f"mask is wrong at {int(np.sum((mask != 0) != right))} of {right.size} places.", found)
    expect(mask.dtype == bool, f"mask has dtype {mask.dtype}: True and False are expected.",
           "not_bool")


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
    "by_hand": (
        "The state is right, but `layer` was never called: it holds the weights and the state.",
        "layer(x[:, start:start + n_chunk]) reads a chunk and returns the state after it.",
    ),
    None: ("Reset once, then call the layer on x[:, start:start + n_chunk] for each start.",),
})


def _stateful_case(rng, time):
    import keras

    batch, features, units = 5, 3, 6
    weights = [rng.normal(size=s).astype("float32") * 0.6
               for s in ((features, units), (units, units), (units,))]
    lengths = []        # of the chunks read; None for a call that was traced, as `predict` does

    class Watched(keras.layers.SimpleRNN):
        def call(self, sequences, initial_state=None, mask=None, training=False):
            try:
                lengths.append(keras.ops.convert_to_numpy(sequences).shape[1])
            except Exception:
                lengths.append(None)
            return super().call(sequences, initial_state, mask, training)

    layer = Watched(units, stateful=True)
    layer.build((batch, None, features))
    layer.set_weights(weights)
    plain = keras.layers.SimpleRNN(units)
    plain.build((batch, None, features))
    plain.set_weights(weights)
    x = rng.normal(size=(batch, time, features)).astype("float32")
    dirty = keras.ops.convert_to_numpy(layer(rng.normal(size=(batch, 3, features))
                                             .astype("float32")))
    lengths.clear()

    def run(part, **start):
        return keras.ops.convert_to_numpy(plain(part, **start))

    return layer, lengths, x, dirty, run


def _check_chunks(rng, answer, time, n_chunk):
    import keras

    layer, lengths, x, dirty, run = _stateful_case(rng, time)
    full, start = time // n_chunk * n_chunk, keras.ops.convert_to_tensor(dirty)
    value = answer(layer, x, n_chunk)
    if keras.ops.is_tensor(value):
        value = keras.ops.convert_to_numpy(value)
    last = x[:, (time - 1) // n_chunk * n_chunk:]
    expect_close(value, run(x), "the last state", axes="(batch, units)", atol=1e-5, mistakes={
        "drops_rest": run(x[:, :full]),
        "no_reset": lambda: run(x, initial_state=start),
        "resets_each_chunk": run(last),
        "first_chunk": run(x[:, :n_chunk]),
    })
    if None in lengths:
        return
    wanted = [min(n_chunk, time - start) for start in range(0, time, n_chunk)]
    mistakes = {"by_hand": [], "one_pass": [time], "single_steps": [1] * time}
    found = next((m for m, v in mistakes.items() if lengths == v), None)
    read = ", ".join(map(str, lengths)) or "nothing"
    expect(lengths == wanted, f"expected chunks of {', '.join(map(str, wanted))} steps, and the "
           f"layer read {read}.", found)


@in_chunks.part("equals one long pass")
def _(rng, answer):
    _check_chunks(rng, answer, time=12, n_chunk=4)


@in_chunks.part("a last chunk that is shorter")
def _(rng, answer):
    _check_chunks(rng, answer, time=11, n_chunk=4)


seal(__name__)
