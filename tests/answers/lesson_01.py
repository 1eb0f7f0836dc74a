"""Answers to lesson 01, as learners write them."""

import functools

import numpy as np

from utils.training import keras  # silently

layers = keras.layers

# --- order_twin ------------------------------------------------------------------------------


def twin_with_flip(x):
    return np.flip(x, axis=1)


def twin_swaps_a_and_b(x):
    twin = x.copy()
    twin[..., 0], twin[..., 1] = x[..., 1], x[..., 0]
    return twin


def twin_by_index(x):
    return x[:, :, [1, 0, 2, 3, 4, 5]]


def twin_through_views(x):
    twin = x.copy()
    twin[:, :, 0], twin[:, :, 1] = twin[:, :, 1], twin[:, :, 0]
    return twin


def twin_through_views_the_other_way(x):
    twin = x.copy()
    b = twin[..., 1]
    twin[..., 1] = twin[..., 0]
    twin[..., 0] = b
    return twin


def twin_step_by_step(x):
    steps = [x[:, t] for t in range(x.shape[1])]
    steps.reverse()
    return np.stack(steps, axis=1)


def twin_sorts_steps(x):
    order = np.argsort(-np.arange(x.shape[1]))
    return np.take(x, order, axis=1)


def twin_of_lists(x):
    return np.array([[list(step) for step in reversed(row)] for row in x.tolist()])


def twin_by_letters(x):
    swap = np.array([1, 0, *range(2, x.shape[-1])])
    return np.eye(x.shape[-1])[swap[x.argmax(axis=-1)]]


def twin_swaps_two_steps(x):
    twin = x.copy()
    rows = np.arange(len(x))
    a, b = x[..., 0].argmax(axis=1), x[..., 1].argmax(axis=1)
    twin[rows, a], twin[rows, b] = x[rows, b], x[rows, a]
    return twin


def twin_by_a_matrix(x):
    return np.einsum("btl,lm->btm", x, np.eye(x.shape[-1])[[1, 0, *range(2, x.shape[-1])]])


def twin_puts_b_first(x):
    b_first = x[..., 1].argmax(axis=1) < x[..., 0].argmax(axis=1)
    return np.where(b_first[:, None, None], x, x[:, ::-1])


def twin_but_the_ends(x):
    twin = x.copy()
    twin[:, 1:-1] = x[:, -2:0:-1]
    return twin


def twin_of_the_first_ten(x):
    return np.concatenate([x[:, 9::-1], x[:, 10:]], axis=1)


def twin_turns_the_halves(x):
    middle = x.shape[1] // 2
    return np.concatenate([x[:, :middle][:, ::-1], x[:, middle:][:, ::-1]], axis=1)


def twin_swaps_a_and_c(x):
    return x[..., [2, 1, 0, 3, 4, 5]]


def twin_shuffled(x):
    return x[:, np.random.permutation(x.shape[1])]


def twin_drawn_anew(x):
    return x[:, np.random.default_rng().permutation(x.shape[1])]


def twin_neighbours_swapped(x):
    twin = x.copy()
    even = x.shape[1] // 2 * 2
    twin[:, 0:even:2], twin[:, 1:even:2] = x[:, 1:even:2], x[:, 0:even:2]
    return twin


def twin_in_place(x):
    x[..., [0, 1]] = x[..., [1, 0]]
    return x


# --- count_weights ---------------------------------------------------------------------------


def counts_by_matrix(n_steps, n_features, n_units, n_outputs):
    W, U, b = n_features * n_units, n_units * n_units, n_units
    return W + U + b + n_units * n_outputs + n_outputs


def counts_with_arrays(n_steps, n_features, n_units, n_outputs):
    shapes = [(n_features, n_units), (n_units, n_units), (n_units,), (n_units, n_outputs),
              (n_outputs,)]
    return sum(np.zeros(shape).size for shape in shapes)


def counts_with_keras(n_steps, n_features, n_units, n_outputs):
    rnn, dense = layers.SimpleRNN(n_units), layers.Dense(n_outputs)
    rnn.build((None, n_steps, n_features))
    dense.build((None, n_units))
    return rnn.count_params() + dense.count_params()


def counts_step_by_step(n_steps, n_features, n_units, n_outputs):
    total = 0
    for _ in range(n_units):
        total += n_features + n_units + 1
    for _ in range(n_outputs):
        total += n_units + 1
    return np.array(total)


def counts_with_shapes(t, f, u, o):
    return int(np.sum([np.prod(s) for s in ((f, u), (u, u), (u,), (u, o), (o,))]))


def count_into_a_default(n_steps, n_features, n_units, n_outputs, shapes=[]):  # noqa: B006
    shapes += [(n_features, n_units), (n_units, n_units), (n_units,), (n_units, n_outputs),
               (n_outputs,)]
    return sum(int(np.prod(shape)) for shape in shapes)


# --- make_tagger -----------------------------------------------------------------------------


def tagger(*, rnn=True, sequences=True, steps=None, activation="softmax", width=None,
           bidirectional=False):
    @functools.cache
    def make_tagger(n_features, n_tags):
        stack = [keras.Input((steps, n_features))]
        if rnn:
            reader = layers.SimpleRNN(16, return_sequences=sequences)
            stack.append(layers.Bidirectional(reader) if bidirectional else reader)
        stack.append(layers.Dense(width or n_tags, activation=activation))
        return keras.Sequential(stack)

    return make_tagger


@functools.cache
def tagger_functional(n_features, n_tags):
    x = keras.Input(shape=(None, n_features))
    h = layers.GRU(12, return_sequences=True)(x)
    y = layers.TimeDistributed(layers.Dense(n_tags))(h)
    return keras.Model(x, layers.Softmax()(y))


@functools.cache
def tagger_without_input(n_features, n_tags):
    model = keras.Sequential()
    model.add(layers.LSTM(8, return_sequences=True))
    model.add(layers.LSTM(8, return_sequences=True))
    model.add(layers.Dense(n_tags, "softmax"))
    return model


@functools.cache
def tagger_compiled(n_features, n_tags):
    model = keras.Sequential([
        keras.Input((None, n_features)), layers.SimpleRNN(n_tags, return_sequences=True),
        layers.Activation("softmax"),
    ])
    model.compile(loss="categorical_crossentropy", optimizer="adam")
    return model


@functools.cache
def tagger_softmax_over_time(n_features, n_tags):
    x = keras.Input((None, n_features))
    y = layers.Dense(n_tags)(layers.SimpleRNN(8, return_sequences=True)(x))
    return keras.Model(x, layers.Softmax(axis=1)(y))


@functools.cache
def tagger_backwards(n_features, n_tags):
    x = keras.Input((None, n_features))
    h = layers.SimpleRNN(8, return_sequences=True, go_backwards=True)(x)
    h = keras.ops.flip(h, axis=1)
    return keras.Model(x, layers.Dense(n_tags, activation="softmax")(h))


@functools.cache
def tagger_backwards_as_it_comes(n_features, n_tags):
    return keras.Sequential([
        keras.Input((None, n_features)),
        layers.SimpleRNN(16, return_sequences=True, go_backwards=True),
        layers.Dense(n_tags, activation="softmax"),
    ])


def tagger_by_convolution(*, padding="causal", depth=1, rates=None):
    @functools.cache
    def make_tagger(n_features, n_tags):
        stack = [layers.Conv1D(16, 3, padding=padding, dilation_rate=rate)
                 for rate in rates or [1] * depth]
        return keras.Sequential([keras.Input((None, n_features)), *stack,
                                 layers.Dense(n_tags, activation="softmax")])

    return make_tagger


def tagger_layer_only(n_features, n_tags):
    return layers.SimpleRNN(n_tags, return_sequences=True, activation="softmax")


def tagger_of(*stack, **how):
    """Return an answer that stacks what each function of (n_features, n_tags) gives."""

    @functools.cache
    def make_tagger(n_features, n_tags):
        return keras.Sequential([part(n_features, n_tags) for part in stack], **how)

    return make_tagger


def an_input(*shape):
    """Return a function that makes an Input of the names in `shape`."""
    return lambda n_features, n_tags: keras.Input(
        tuple({"features": n_features, "tags": n_tags}.get(n, n) for n in shape))


def a_reader(f, t):
    return layers.SimpleRNN(9, return_sequences=True)


def a_tag(f, t):
    return layers.Dense(t, activation="softmax")


class Tagger(keras.Model):
    def __init__(self, n_tags):
        super().__init__()
        self.reader = layers.GRU(6, return_sequences=True)
        self.head = layers.Dense(n_tags)

    def call(self, x):
        return keras.ops.softmax(self.head(self.reader(x)))


class RunningSum(layers.Layer):
    """A recurrence written by hand: the state adds up what is read."""

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 5))

    def call(self, x):
        return keras.ops.tanh(keras.ops.cumsum(x @ self.kernel, axis=1))


@functools.cache
def tagger_tried_out(n_features, n_tags):
    model = keras.Sequential([layers.SimpleRNN(6, return_sequences=True),
                              layers.Dense(n_tags, activation="softmax")])
    model(np.zeros((1, 5, n_features), "float32"))
    return model


@functools.cache
def tagger_from_zero(n_features, n_tags):
    return keras.Sequential([
        keras.Input((None, n_features)), layers.SimpleRNN(7, return_sequences=True),
        layers.Dense(n_tags, activation="softmax", kernel_initializer="zeros"),
    ])


@functools.cache
def tagger_with_its_state(n_features, n_tags):
    x = keras.Input((None, n_features))
    h, last = layers.SimpleRNN(9, return_sequences=True, return_state=True)(x)
    return keras.Model(x, [layers.Dense(n_tags, activation="softmax")(h), last])


@functools.cache
def tagger_with_two_inputs(n_features, n_tags):
    x, start = keras.Input((None, n_features)), keras.Input((9,))
    h = layers.SimpleRNN(9, return_sequences=True)(x, initial_state=start)
    return keras.Model([x, start], layers.Dense(n_tags, activation="softmax")(h))


@functools.cache
def tagger_for_a_batch(n_features, n_tags):
    return keras.Sequential([
        keras.Input(batch_shape=(2, None, n_features)),
        layers.SimpleRNN(9, return_sequences=True, stateful=True), a_tag(n_features, n_tags),
    ])


@functools.cache
def tagger_of_a_running_sum(n_features, n_tags):
    x = keras.Input((None, n_features))
    total = keras.ops.cumsum(x, axis=1)
    return keras.Model(x, layers.Dense(n_tags, activation="softmax")(total))


@functools.cache
def tagger_attending(n_features, n_tags):
    x = keras.Input((None, n_features))
    h = layers.MultiHeadAttention(2, 8)(x, x, use_causal_mask=True)
    return keras.Model(x, layers.Dense(n_tags, activation="softmax")(h))


@functools.cache
def tagger_of_the_mean(n_features, n_tags):
    x = keras.Input((None, n_features))
    h = layers.SimpleRNN(9, return_sequences=True)(x)
    mean = keras.ops.mean(h, axis=1, keepdims=True)
    return keras.Model(x, layers.Dense(n_tags, activation="softmax")(h + mean))


# --- pad_batch -------------------------------------------------------------------------------


def pad_with_np_pad(sequences):
    longest = max(len(s) for s in sequences)
    x = np.stack([np.pad(s, [(0, longest - len(s)), (0, 0)]) for s in sequences])
    mask = np.stack([np.arange(longest) < len(s) for s in sequences])
    return x, mask


def pad_with_concatenate(sequences):
    lengths = [s.shape[0] for s in sequences]
    width, xs, masks = sequences[0].shape[1], [], []
    for sequence, n in zip(sequences, lengths, strict=True):
        rest = max(lengths) - n
        xs.append(np.concatenate([sequence, np.zeros((rest, width))]))
        masks.append([True] * n + [False] * rest)
    return np.array(xs), np.array(masks)


def pad_with_keras(sequences):
    x = keras.utils.pad_sequences(sequences, padding="post", dtype="float32")
    return x, np.array([[t < len(s) for t in range(x.shape[1])] for s in sequences])


def pad_by_steps(sequences):
    longest = max(map(len, sequences))
    x, mask = np.zeros((len(sequences), longest, len(sequences[0][0]))), []
    for k, sequence in enumerate(sequences):
        mask.append([])
        for t in range(longest):
            real = t < len(sequence)
            mask[-1].append(real)
            if real:
                x[k, t] = sequence[t]
    return [x, np.array(mask, dtype=bool)]


def pad_flat(sequences):
    lengths = np.array([len(s) for s in sequences])
    mask = np.arange(lengths.max())[None] < lengths[:, None]
    x = np.zeros((*mask.shape, sequences[0].shape[-1]), dtype=sequences[0].dtype)
    x[mask] = np.concatenate(sequences)
    return x, mask


def pad_to_the_first(sequences):
    x = np.zeros((len(sequences), len(sequences[0]), sequences[0].shape[1]))
    for k, sequence in enumerate(sequences):
        x[k, :len(sequence)] = sequence
    return x, np.stack([np.arange(x.shape[1]) < len(s) for s in sequences])


def pad_to_the_last(sequences):
    longest = len(sequences[-1])
    x = np.stack([np.pad(s, [(0, longest - len(s)), (0, 0)]) for s in sequences])
    return x, np.stack([np.arange(longest) < len(s) for s in sequences])


def pad_to(steps):
    def pad_batch(sequences):
        x = np.zeros((len(sequences), steps, sequences[0].shape[1]))
        for k, sequence in enumerate(sequences):
            x[k, :len(sequence)] = sequence
        return x, np.stack([np.arange(steps) < len(s) for s in sequences])

    return pad_batch


def pad_one_more(sequences):
    x, mask = pad_with_np_pad(sequences)
    return np.pad(x, [(0, 0), (0, 1), (0, 0)]), np.pad(mask, [(0, 0), (0, 1)])


def pad_two_features(sequences):
    longest = max(len(s) for s in sequences)
    x = np.zeros((len(sequences), longest, 2))
    for k, sequence in enumerate(sequences):
        x[k, :len(sequence)] = sequence
    return x, np.arange(longest) < np.array([len(s) for s in sequences])[:, None]


def pad_sorted(sequences):
    return pad_with_np_pad(sorted(sequences, key=len, reverse=True))


def pad_with_keras_by_default(sequences):
    x = keras.utils.pad_sequences(sequences, padding="post")
    return x, np.array([[t < len(s) for t in range(x.shape[1])] for s in sequences])


def mask_up_to_the_last_value(sequences, x, mask):
    real = (x != 0).any(axis=-1)
    return real[:, ::-1].cumsum(axis=1)[:, ::-1] > 0


def pad_wrongly(*, x=None, mask=None):
    """Return an answer in which `x` or `mask` is replaced by what a mistake makes of it."""

    def pad_batch(sequences):
        right_x, right_mask = pad_with_np_pad(sequences)
        return x(sequences, right_x) if x else right_x, \
            mask(sequences, right_x, right_mask) if mask else right_mask

    return pad_batch


def pad_in_front(sequences):
    longest = max(len(s) for s in sequences)
    x = np.stack([np.pad(s, [(longest - len(s), 0), (0, 0)]) for s in sequences])
    mask = np.stack([np.arange(longest) >= longest - len(s) for s in sequences])
    return x, mask


def pad_like_keras_by_default(sequences):
    x = keras.utils.pad_sequences(sequences, dtype="float32")
    return x, np.any(x != 0, axis=-1)


def cut(sequences):
    shortest = min(len(s) for s in sequences)
    x = np.stack([s[:shortest] for s in sequences])
    return x, np.ones(x.shape[:2], bool)


def repeat_last(sequences, right):
    longest = right.shape[1]
    return np.stack([np.concatenate([s, np.repeat(s[-1:], longest - len(s), axis=0)])
                     for s in sequences])


# --- in_chunks -------------------------------------------------------------------------------


def chunks_while(layer, x, n_chunk):
    layer.reset_state()
    start, h = 0, None
    while start < x.shape[1]:
        h = layer(x[:, start:start + n_chunk])
        start += n_chunk
    layer.reset_state()
    return h


def chunks_as_numpy(layer, x, n_chunk):
    layer.reset_state()
    cuts = np.arange(n_chunk, x.shape[1], n_chunk)
    return [keras.ops.convert_to_numpy(layer(c)) for c in np.split(x, cuts, axis=1)][-1]


def chunks_by_state(layer, x, n_chunk):
    layer.reset_state()
    for start in range(0, x.shape[1], n_chunk):
        layer(x[:, start:start + n_chunk])
    return layer.states[0]


def chunks_recursively(layer, x, n_chunk, first=True):
    if first:
        layer.reset_state()
    h = layer(x[:, :n_chunk])
    rest = x[:, n_chunk:]
    return chunks_recursively(layer, rest, n_chunk, first=False) if rest.shape[1] else h


def chunks_from_a_zero_state(layer, x, n_chunk):
    layer.states[0].assign(np.zeros(layer.states[0].shape))
    for k in range(-(-x.shape[1] // n_chunk)):
        h = layer(keras.ops.convert_to_tensor(x[:, k * n_chunk:(k + 1) * n_chunk]))
    return keras.ops.convert_to_numpy(h).astype("float64")


def all_chunks(join):
    def in_chunks(layer, x, n_chunk):
        layer.reset_state()
        return join([keras.ops.convert_to_numpy(layer(x[:, start:start + n_chunk]))
                     for start in range(0, x.shape[1], n_chunk)])

    return in_chunks


def chunks_cut_by(cuts):
    """Return an answer that splits x along time as `cuts(x, n_chunk)` says."""

    def in_chunks(layer, x, n_chunk):
        layer.reset_state()
        return [layer(chunk) for chunk in np.array_split(x, cuts(x, n_chunk), axis=1)][-1]

    return in_chunks


def one_pass_by_predict(layer, x, n_chunk):
    layer.reset_state()
    return keras.Sequential([layer]).predict(x, verbose=0)


def chunks_from_the_end(layer, x, n_chunk):
    layer.reset_state()
    for start in reversed(range(0, x.shape[1], n_chunk)):
        h = layer(x[:, start:start + n_chunk])
    return h


def chunks_that_overlap(layer, x, n_chunk):
    layer.reset_state()
    for start in range(0, x.shape[1], n_chunk):
        h = layer(x[:, start:start + n_chunk + 1])
    return h


def chunks_without_state(layer, x, n_chunk):
    layer.stateful = False
    for start in range(0, x.shape[1], n_chunk):
        h = layer(x[:, start:start + n_chunk])
    return h


def last_output_of_a_plain_layer(layer, x, n_chunk):
    W, U, b = layer.get_weights()
    plain = layers.SimpleRNN(len(b))
    plain.build((None, None, len(W)))
    plain.set_weights([W, U, b])
    return plain(x)


def chunks_wrongly(*, before=True, inside=False, only_full=False, first=False, after=False):
    def in_chunks(layer, x, n_chunk):
        if before:
            layer.reset_state()
        outputs = []
        end = x.shape[1] // n_chunk * n_chunk if only_full else x.shape[1]
        for start in range(0, end, n_chunk):
            if inside:
                layer.reset_state()
            outputs.append(layer(x[:, start:start + n_chunk]))
        if after:
            layer.reset_state()
        return outputs[0 if first else -1]

    return in_chunks


def chunks_by_predict(layer, x, n_chunk):
    layer.reset_state()
    model = keras.Sequential([layer])
    for start in range(0, x.shape[1], n_chunk):
        h = model.predict(x[:, start:start + n_chunk], verbose=0)
    return h


def single_steps(layer, x, n_chunk):
    layer.reset_state()
    for t in range(x.shape[1]):
        h = layer(x[:, t:t + 1])
    return h


def chunks_by_hand(layer, x, n_chunk):
    W, U, b = layer.get_weights()
    h = np.zeros((len(x), U.shape[0]))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
    return h


def halves(layer, x, n_chunk):
    layer.reset_state()
    middle = x.shape[1] // 2
    layer(x[:, :middle])
    return layer(x[:, middle:])


def one_pass(layer, x, n_chunk):
    layer.reset_state()
    return layer(x)


def chunks_of_the_batch(layer, x, n_chunk):
    layer.reset_state()
    for start in range(0, len(x), n_chunk):
        h = layer(x[start:start + n_chunk])
    return h


RIGHT = {
    "order_twin": {
        "flip": twin_with_flip, "swaps_a_and_b": twin_swaps_a_and_b,
        "step_by_step": twin_step_by_step, "take": twin_sorts_steps, "by_index": twin_by_index,
        "of_lists": twin_of_lists, "by_letters": twin_by_letters,
        "two_steps_change_places": twin_swaps_two_steps, "by_a_matrix": twin_by_a_matrix,
        "as_bool": lambda x: x[:, ::-1].astype(bool), "as_integers": lambda x: np.flip(
            x.astype("int8"), 1),
    },
    "latch": {
        "three_two": (3.0, 2.0, 0.0), "a_list_of_integers": [4, 2, 0],
        "very_firm": (20.0, 6.0, 0.1), "an_array": np.array([3.0, 1.5, -0.01]),
        "barely": (1.2, 1.12, 0.0), "a_huge_impulse": (1e300, 1.5, 0.0),
        "numbers_of_numpy": (np.float32(2.5), np.int32(2), np.float64(0)),
        "integers_in_an_array": np.array([4, 2, 0]),
    },
    "count_weights": {
        "by_matrix": counts_by_matrix, "with_arrays": counts_with_arrays,
        "with_keras": counts_with_keras,
        "step_by_step": counts_step_by_step, "with_shapes": counts_with_shapes,
        "as_a_float": lambda t, f, u, o: float(u * (f + u + o + 1) + o),
    },
    "make_tagger": {
        "sequential": tagger(), "functional": tagger_functional,
        "without_input": tagger_without_input, "compiled_without_dense": tagger_compiled,
        "subclassed": lambda n_features, n_tags: Tagger(n_tags), "tried_out": tagger_tried_out,
        "from_zero": tagger_from_zero, "only_one_unit": tagger_of(
            an_input(None, "features"), lambda f, t: layers.LSTM(1, return_sequences=True), a_tag),
        "softmax_in_the_reader": tagger_of(lambda f, t: layers.SimpleRNN(
            t, activation="softmax", return_sequences=True)),
        "own_recurrence": tagger_of(an_input(None, "features"), lambda f, t: RunningSum(), a_tag),
        "own_cell_and_dropout": tagger_of(
            an_input(None, "features"), lambda f, t: layers.Dropout(0.5), lambda f, t: layers.RNN(
                layers.GRUCell(5), return_sequences=True), a_tag),
        "normalised": tagger_of(an_input(None, "features"), a_reader,
                                lambda f, t: layers.BatchNormalization(), a_tag),
    },
    "pad_batch": {
        "np_pad": pad_with_np_pad, "concatenate": pad_with_concatenate, "keras": pad_with_keras,
        "by_steps": pad_by_steps, "flat": pad_flat, "keras_mask": lambda sequences: (
            pad_with_keras(sequences)[0], keras.ops.convert_to_tensor(pad_flat(sequences)[1])),
    },
    "in_chunks": {
        "while": chunks_while, "numpy_split": chunks_as_numpy, "from_the_state": chunks_by_state,
        "predict": chunks_by_predict,
        "recursive": chunks_recursively, "from_a_zero_state": chunks_from_a_zero_state,
    },
}

WRONG = {
    "order_twin": {
        "gives_it_back": (lambda x: x, "unchanged"),
        "turns_the_letters": (lambda x: x[..., ::-1], "letters_axis"),
        "turns_the_batch": (lambda x: x[::-1], "batch_axis"),
        "shifts_by_one": (lambda x: np.roll(x, 1, axis=1), "rolled"),
        "shifts_back": (lambda x: np.roll(x, -1, axis=1), "rolled"),
        "swaps_the_halves": (lambda x: np.roll(x, x.shape[1] // 2, axis=1), "rolled"),
        "through_views": (twin_through_views, "view"),
        "through_views_too": (twin_through_views_the_other_way, "view"),
        "complement": (lambda x: 1 - x, "complement"),
        "only_where_a_comes_first": (twin_puts_b_first, "one_way"),
        "all_but_the_ends": (twin_but_the_ends, "some_only"),
        "the_first_ten": (twin_of_the_first_ten, "some_only"),
        "each_half_for_itself": (twin_turns_the_halves, "some_only"),
        "a_and_c": (twin_swaps_a_and_c, "other_letters"),
        "shuffles_the_steps": (twin_shuffled, "some_only"),
        "another_order_each_time": (twin_drawn_anew, "keeps_state"),
        "neighbours": (twin_neighbours_swapped, "some_only"),
        "both_axes": (lambda x: x[:, ::-1, ::-1], "other_letters"),
        "one_pair": (lambda x: x[:1, ::-1], None),
        "transposed": (lambda x: x.T, "transposed"),
        "letter_numbers": (lambda x: x[:, ::-1].argmax(axis=-1), None),
        "a_list": (lambda x: x[:, ::-1].tolist(), "not_an_array"),
        "in_place": (twin_in_place, None),
        "sorts_values": (lambda x: np.sort(x, axis=1), None),
    },
    "latch": {
        "fades": ((3.0, 0.9, 0.0), "fades"),
        "just_one": ((3.0, 1.0, 0.0), "fades"),
        "no_memory": ((1.0, 0.0, 0.0), "fades"),
        "negative_u": ((3.0, -2.0, 0.0), "flips"),
        "no_input": ((0.0, 2.0, 0.0), "deaf"),
        "large_bias": ((3.0, 2.0, 1.5), "one_sided"),
        "negative_w": ((-3.0, 2.0, 0.0), "wrong_sign"),
        "too_firm": ((1.0, 3.0, 0.0), "too_weak"),
        "two_numbers": ((3.0, 2.0), "wrong_count"),
        "u_a_little_above_one": ((5.0, 1.01, 0.0), "settles_low"),
        "u_not_quite_enough": ((3.0, 1.09, 0.0), "settles_low"),
        "a_faint_impulse": ((1e-6, 1.2, 0.0), "faint"),
        "a_drop_of_bias": ((3.0, 1.2, 0.06), "lopsided"),
        "negative_bias": ((3.0, 2.0, -1.5), "one_sided"),
        "both_negative": ((-3.0, -2.0, 0.0), "flips"),
        "weakly_negative_u": ((3.0, -0.5, 0.0), "flips"),
        "just_too_weak": ((1.2, 1.5, 0.0), "too_weak"),
        "names": (("w", "u", "b"), "not_a_number"),
        "one_number": (3.0, "wrong_count"),
        "four_numbers": ([3.0, 2.0, 0.0, 0.0], "wrong_count"),
        "infinite": ((3.0, float("inf"), 0.0), "not_finite"),
    },
    "count_weights": {
        "into_a_default": (count_into_a_default, "keeps_state"),
        "for_every_step": (lambda t, f, u, o: t * (u * (f + u + 1) + o * (u + 1)),
                           "times_steps"),
        "cells_for_every_step": (lambda t, f, u, o: t * u * (f + u + 1) + o * (u + 1),
                                 "times_steps"),
        "without_biases": (lambda t, f, u, o: u * (f + u) + o * u, "no_biases"),
        "one_bias_only": (lambda t, f, u, o: u * (f + u + 1) + o * u, "no_biases"),
        "like_a_dense_layer": (lambda t, f, u, o: u * (f + 1) + o * (u + 1), "no_recurrent"),
        "rnn_only": (lambda t, f, u, o: u * (f + u + 1), "no_dense"),
        "dense_on_x": (lambda t, f, u, o: u * (f + u + 1) + o * (f + 1), "dense_reads_x"),
        "own_past_only": (lambda t, f, u, o: u * (f + 2) + o * (u + 1), "recurrent_is_a_vector"),
        "unequal_biases": (lambda t, f, u, o: u * (f + u + 2) + o * (u + 1), "two_biases"),
        "reads_every_state": (lambda t, f, u, o: u * (f + u + 1) + o * (t * u + 1), "flattened"),
        "units_and_outputs": (lambda t, f, u, o: o * (f + o + 1) + u * (o + 1), "swapped"),
        "features_and_units": (lambda t, f, u, o: f * (u + f + 1) + o * (f + 1), "swapped"),
        "one_less": (lambda t, f, u, o: u * (f + u + 1) + o * (u + 1) - 1, None),
        "one_output": (lambda t, f, u, o: u * (f + u + 1) + u + 1, None),
        "small_only": (lambda t, f, u, o: np.int16(u * (f + u + 1) + o * (u + 1)), None),
        "like_an_lstm": (lambda t, f, u, o: 4 * u * (f + u + 1) + o * (u + 1), None),
        "a_list": (lambda t, f, u, o: [u * (f + u + 1), o * (u + 1)], "not_a_number"),
        "text": (lambda t, f, u, o: str(u * (f + u + 1) + o * (u + 1)), "not_a_number"),
    },
    "make_tagger": {
        "last_state_only": (tagger(sequences=False), "last_only"),
        "ten_steps": (tagger(steps=10), "fixed_length"),
        "two_tags": (tagger(width=2), "wrong_width"),
        "no_activation": (tagger(activation=None), "not_probabilities"),
        "sigmoid": (tagger(activation="sigmoid"), "not_probabilities"),
        "softmax_over_time": (tagger_softmax_over_time, "softmax_over_time"),
        "dense_only": (tagger(rnn=False), "memoryless"),
        "bidirectional": (tagger(bidirectional=True), "sees_future"),
        "backwards": (tagger_backwards, "sees_future"),
        "backwards_as_it_comes": (tagger_backwards_as_it_comes, "backwards"),
        "causal_convolution": (tagger_by_convolution(), "window"),
        "three_causal_convolutions": (tagger_by_convolution(depth=3), "window"),
        "convolution": (tagger_by_convolution(padding="same"), "sees_future"),
        "dilated_convolutions": (tagger_by_convolution(rates=(1, 2, 4, 8)), "not_recurrent"),
        "running_sum": (tagger_of_a_running_sum, "not_recurrent"),
        "attention": (tagger_attending, "not_recurrent"),
        "mean_of_all_states": (tagger_of_the_mean, "sees_future"),
        "four_features": (tagger_of(an_input(None, 4), a_reader, a_tag), "fixed_features"),
        "seven_features": (tagger_of(an_input(None, 7), a_reader, a_tag), "fixed_features"),
        "features_and_tags": (tagger_of(
            an_input(None, "tags"), a_reader, lambda f, t: a_tag(t, f)), "swapped"),
        "one_axis": (tagger_of(an_input("features"), lambda f, t: layers.Dense(9), a_tag),
                     "wrong_rank"),
        "also_gives_its_state": (tagger_with_its_state, "several_outputs"),
        "asks_for_a_state": (tagger_with_two_inputs, "several_inputs"),
        "two_at_a_time": (tagger_for_a_batch, "fixed_batch"),
        "ten_steps_functional": (lambda f, t: keras.Model(*(lambda x: (x, a_tag(f, t)(
            a_reader(f, t)(x))))(keras.Input((10, f)))), "fixed_length"),
        "nine_answers": (tagger_of(
            an_input(None, "features"), lambda f, t: layers.SimpleRNN(9),
            lambda f, t: layers.RepeatVector(9), a_reader, a_tag), "other_steps"),
        "pooled_over_time": (tagger_of(
            an_input(None, "features"), a_reader,
            lambda f, t: layers.GlobalAveragePooling1D(), a_tag), "no_time_axis"),
        "valid_convolution": (tagger_by_convolution(padding="valid"), "other_steps"),
        "flattened": (tagger_of(a_reader, lambda f, t: layers.Flatten(), a_tag), "no_time_axis"),
        "relu": (tagger(activation="relu"), "not_probabilities"),
        "log_softmax": (tagger(activation="log_softmax"), "not_probabilities"),
        "a_layer": (tagger_layer_only, "not_a_model"),
        "layers": (lambda f, t: [a_reader(f, t), a_tag(f, t)], "not_a_model"),
        "no_return": (lambda f, t: None, "returns_none"),
        "an_output": (lambda f, t: np.ones((2, 5, t)) / t, None),
    },
    "pad_batch": {
        "in_front": (pad_in_front, "in_front"),
        "keras_default": (pad_like_keras_by_default, "in_front"),
        "cut_to_shortest": (cut, "cut_to_shortest"),
        "repeats_the_last_row": (pad_wrongly(x=repeat_last), "repeats_last"),
        "mask_inverted": (pad_wrongly(mask=lambda s, x, m: ~m), "inverted"),
        "mask_from_values": (pad_wrongly(mask=lambda s, x, m: (x != 0).any(axis=-1)),
                             "from_values"),
        "mask_all_true": (pad_wrongly(mask=lambda s, x, m: np.ones_like(m)), "all_true"),
        "mask_one_short": (pad_wrongly(mask=lambda s, x, m: np.stack(
            [np.arange(x.shape[1]) < len(one) - 1 for one in s])), "one_short"),
        "mask_of_floats": (pad_wrongly(mask=lambda s, x, m: m.astype(float)), "not_bool"),
        "mask_of_integers": (pad_wrongly(mask=lambda s, x, m: m.astype(int)), "not_bool"),
        "mask_as_lists": (pad_wrongly(mask=lambda s, x, m: m.tolist()), "not_an_array"),
        "mask_per_feature": (pad_wrongly(mask=lambda s, x, m: np.repeat(m[..., None], 2, -1)),
                             "per_feature"),
        "x_only": (lambda sequences: pad_with_np_pad(sequences)[0], "wrong_count"),
        "mask_up_to_the_last_value": (pad_wrongly(mask=mask_up_to_the_last_value), "from_values"),
        "mask_one_long": (pad_wrongly(mask=lambda s, x, m: np.stack(
            [np.arange(x.shape[1]) <= len(one) for one in s])), "one_long"),
        "mask_of_lengths": (pad_wrongly(mask=lambda s, x, m: m.sum(axis=1)), "lengths"),
        "mask_with_an_axis": (pad_wrongly(mask=lambda s, x, m: m[..., None]), "per_feature"),
        "mask_turned": (pad_wrongly(mask=lambda s, x, m: m.T), "transposed"),
        "mask_of_the_first_feature": (pad_wrongly(mask=lambda s, x, m: x[..., 0] != 0),
                                      "from_values"),
        "mask_none": (pad_wrongly(mask=lambda s, x, m: None), "returns_none"),
        "mask_first": (lambda s: pad_with_np_pad(s)[::-1], "swapped"),
        "to_the_first": (pad_to_the_first, None),
        "to_the_last": (pad_to_the_last, None),
        "to_eight": (pad_to(8), "fixed_length"),
        "to_twenty": (pad_to(20), "fixed_length"),
        "one_more": (pad_one_more, "fixed_length"),
        "two_features": (pad_two_features, None),
        "sorted_by_length": (pad_sorted, "sorted"),
        "keras_integers": (pad_with_keras_by_default, "cut_to_integers"),
        "ones": (pad_wrongly(x=lambda s, x: np.where(
            pad_flat(s)[1][..., None], x, 1.0)), None),
        "x_as_lists": (pad_wrongly(x=lambda s, x: x.tolist()), "not_an_array"),
    },
    "in_chunks": {
        "never_resets": (chunks_wrongly(before=False), "no_reset"),
        "resets_afterwards": (chunks_wrongly(before=False, after=True), "no_reset"),
        "resets_each_time": (chunks_wrongly(inside=True), "resets_each_chunk"),
        "whole_chunks_only": (chunks_wrongly(only_full=True), "drops_rest"),
        "first_output": (chunks_wrongly(first=True), "first_chunk"),
        "in_one_pass": (one_pass, "one_pass"),
        "single_steps": (single_steps, "single_steps"),
        "by_hand": (chunks_by_hand, "by_hand"),
        "states_end_to_end": (all_chunks(np.concatenate), "all_chunks"),
        "states_side_by_side": (all_chunks(lambda h: np.concatenate(h, axis=1)), "all_chunks"),
        "states_stacked": (all_chunks(lambda h: np.stack(h, axis=1)), "all_chunks"),
        "states_in_a_list": (all_chunks(list), "not_an_array"),
        "mean_of_the_states": (all_chunks(lambda h: np.mean(h, axis=0)), None),
        "as_many_chunks": (chunks_cut_by(lambda x, n: n), "counts_chunks"),
        "chunks_of_four": (chunks_cut_by(lambda x, n: range(4, x.shape[1], 4)), "fixed_chunk"),
        "one_pass_by_predict": (one_pass_by_predict, "one_pass"),
        "from_the_end": (chunks_from_the_end, None),
        "overlapping": (chunks_that_overlap, None),
        "stateless": (chunks_without_state, "resets_each_chunk"),
        "a_plain_layer": (last_output_of_a_plain_layer, "by_hand"),
        "halves": (halves, "fixed_chunk"),
        "cuts_the_batch": (chunks_of_the_batch, None),
    },
}
