"""Answers to lesson 01, as learners write them."""

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


# --- make_tagger -----------------------------------------------------------------------------


def tagger(*, rnn=True, sequences=True, steps=None, activation="softmax", width=None,
           bidirectional=False):
    def make_tagger(n_features, n_tags):
        stack = [keras.Input((steps, n_features))]
        if rnn:
            reader = layers.SimpleRNN(16, return_sequences=sequences)
            stack.append(layers.Bidirectional(reader) if bidirectional else reader)
        stack.append(layers.Dense(width or n_tags, activation=activation))
        return keras.Sequential(stack)

    return make_tagger


def tagger_functional(n_features, n_tags):
    x = keras.Input(shape=(None, n_features))
    h = layers.GRU(12, return_sequences=True)(x)
    y = layers.TimeDistributed(layers.Dense(n_tags))(h)
    return keras.Model(x, layers.Softmax()(y))


def tagger_without_input(n_features, n_tags):
    model = keras.Sequential()
    model.add(layers.LSTM(8, return_sequences=True))
    model.add(layers.LSTM(8, return_sequences=True))
    model.add(layers.Dense(n_tags, "softmax"))
    return model


def tagger_compiled(n_features, n_tags):
    model = keras.Sequential([
        keras.Input((None, n_features)), layers.SimpleRNN(n_tags, return_sequences=True),
        layers.Activation("softmax"),
    ])
    model.compile(loss="categorical_crossentropy", optimizer="adam")
    return model


def tagger_softmax_over_time(n_features, n_tags):
    x = keras.Input((None, n_features))
    y = layers.Dense(n_tags)(layers.SimpleRNN(8, return_sequences=True)(x))
    return keras.Model(x, layers.Softmax(axis=1)(y))


def tagger_backwards(n_features, n_tags):
    x = keras.Input((None, n_features))
    h = layers.SimpleRNN(8, return_sequences=True, go_backwards=True)(x)
    h = keras.ops.flip(h, axis=1)
    return keras.Model(x, layers.Dense(n_tags, activation="softmax")(h))


def tagger_backwards_as_it_comes(n_features, n_tags):
    return keras.Sequential([
        keras.Input((None, n_features)),
        layers.SimpleRNN(16, return_sequences=True, go_backwards=True),
        layers.Dense(n_tags, activation="softmax"),
    ])


def tagger_by_convolution(*, padding="causal", depth=1):
    def make_tagger(n_features, n_tags):
        stack = [layers.Conv1D(16, 3, padding=padding) for _ in range(depth)]
        return keras.Sequential([keras.Input((None, n_features)), *stack,
                                 layers.Dense(n_tags, activation="softmax")])

    return make_tagger


def tagger_layer_only(n_features, n_tags):
    return layers.SimpleRNN(n_tags, return_sequences=True, activation="softmax")


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
    },
    "latch": {
        "three_two": (3.0, 2.0, 0.0), "a_list_of_integers": [4, 2, 0],
        "very_firm": (20.0, 6.0, 0.1), "an_array": np.array([3.0, 1.5, -0.01]),
    },
    "count_weights": {
        "by_matrix": counts_by_matrix, "with_arrays": counts_with_arrays,
        "with_keras": counts_with_keras,
    },
    "make_tagger": {
        "sequential": tagger(), "functional": tagger_functional,
        "without_input": tagger_without_input, "compiled_without_dense": tagger_compiled,
    },
    "pad_batch": {
        "np_pad": pad_with_np_pad, "concatenate": pad_with_concatenate, "keras": pad_with_keras,
    },
    "in_chunks": {
        "while": chunks_while, "numpy_split": chunks_as_numpy, "from_the_state": chunks_by_state,
        "predict": chunks_by_predict,
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
        "two_numbers": ((3.0, 2.0), None),
    },
    "count_weights": {
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
        "unequal_biases": (lambda t, f, u, o: u * (f + u + 2) + o * (u + 1), None),
    },
    "make_tagger": {
        "last_state_only": (tagger(sequences=False), "last_only"),
        "ten_steps": (tagger(steps=10), "fixed_length"),
        "one_output": (tagger(width=2), "wrong_width"),
        "no_activation": (tagger(activation=None), "not_probabilities"),
        "sigmoid": (tagger(activation="sigmoid"), "not_probabilities"),
        "softmax_over_time": (tagger_softmax_over_time, "not_probabilities"),
        "dense_only": (tagger(rnn=False), "memoryless"),
        "bidirectional": (tagger(bidirectional=True), "sees_future"),
        "backwards": (tagger_backwards, "sees_future"),
        "backwards_as_it_comes": (tagger_backwards_as_it_comes, "backwards"),
        "causal_convolution": (tagger_by_convolution(), "window"),
        "three_causal_convolutions": (tagger_by_convolution(depth=3), "window"),
        "convolution": (tagger_by_convolution(padding="same"), "sees_future"),
        "a_layer": (tagger_layer_only, None),
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
        "x_only": (lambda sequences: pad_with_np_pad(sequences)[0], None),
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
        "halves": (halves, None),
        "cuts_the_batch": (chunks_of_the_batch, None),
    },
}
