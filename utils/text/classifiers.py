"""Networks that read a text and say how likely it is a good one: text in, one number out.

Lesson 09 builds the parts one by one; here they are together, with training over batches of
texts of about the same length. `python -m benchmarks.sentiment` measures them on real reviews.
"""

import numpy as np

from ..training import Batches, Fit, TrainingTime, keras, set_seed
from .batches import length_buckets
from .layers import MaskedConv1D, PairEmbedding, Pooling
from .vocabulary import Vocabulary

__all__ = ["KINDS", "POOLINGS", "build_model", "predict", "train"]

KINDS = ("SimpleRNN", "LSTM", "GRU", "BiGRU", "BiLSTM", "TextCNN")
POOLINGS = ("last", "max", "mean", "max+mean")
_WIDTHS = (2, 3, 4)             # tokens that TextCNN's filters see at once


def build_model(kind, vocabulary_size, units=32, pooling="last", embedding=32, dropout=0.0,
                word_dropout=0.0, spatial_dropout=0.0, pairs=None, skip=False, seed=0):
    """Return a Keras model from (batch, time) token numbers to (batch, 1) probabilities.

    Args:
        kind: one of `KINDS`; "Bi" reads from both ends and has twice the outputs.
        vocabulary_size: tokens, padding and unknown included.
        units: of the layer in each direction, or filters of each width of a TextCNN.
        pooling: one of `POOLINGS`; "last" is the state after the last token (and of the
            backward layer after the first), which a TextCNN does not have.
        embedding: units of a token's vector.
        dropout: share of the pooled features dropped in training.
        word_dropout: share of a text's vectors dropped in training.
        spatial_dropout: share of the embedding's features dropped for a whole text in training.
        pairs: what `frequent_pairs` returned, to give pairs of words vectors, too.
        skip: also pass the mean of the embeddings to the answer, past the recurrent layer.
        seed: of the first weights and of dropout.

    Raises:
        ValueError: for an unknown kind or pooling, a TextCNN with "last", or empty `pairs`.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
    if pooling not in POOLINGS:
        raise ValueError(f"pooling must be one of {', '.join(POOLINGS)}, got {pooling!r}.")
    if kind == "TextCNN" and pooling == "last":
        raise ValueError("A TextCNN has no last state: pool with max, mean or max+mean.")
    set_seed(seed, deterministic=False)
    inputs = keras.Input((None,), dtype="int32")
    if pairs is None:
        x = keras.layers.Embedding(vocabulary_size, embedding, mask_zero=True)(inputs)
    else:
        layer = PairEmbedding(vocabulary_size, embedding, len(pairs))
        x = layer(inputs)
        layer.set_pairs(pairs)
    if word_dropout:
        x = keras.layers.Dropout(word_dropout, noise_shape=(None, None, 1))(x)
    if spatial_dropout:
        x = keras.layers.SpatialDropout1D(spatial_dropout)(x)
    features = _read(kind, x, units, pooling)
    if skip:
        features = keras.layers.Concatenate()([features, Pooling("mean")(x)])
    if dropout:
        features = keras.layers.Dropout(dropout)(features)
    return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(features))


def _read(kind, x, units, pooling):
    """Return (batch, features) of (batch, time, embedding) `x`."""
    if kind == "TextCNN":
        return keras.layers.Concatenate()([
            Pooling(pooling)(MaskedConv1D(units, width, padding="same", activation="relu")(x))
            for width in _WIDTHS])
    layer = getattr(keras.layers, kind.removeprefix("Bi"))(
        units, return_sequences=pooling != "last")
    if kind.startswith("Bi"):
        layer = keras.layers.Bidirectional(layer)
    h = layer(x)
    return h if pooling == "last" else Pooling(pooling)(h)


def train(model, rows, labels, validation, how=None):
    """Train on batches of texts of about the same length; keep the best epoch's weights.

    Adam, its rate falling to 5 % along half a cosine.

    Args:
        model: of `build_model`; it is compiled here.
        rows: list of (tokens,) integer arrays, as `Vocabulary.numbers` returns them.
        labels: (samples,) 0 or 1, both present.
        validation: (rows, labels) kept out of the training reviews, never the test's.
        how: a `Fit`, which monitors "val_loss" or "val_accuracy".

    Returns:
        Keras' History of `loss`, `accuracy`, `val_loss`, `val_accuracy`, `seconds` and
        `cpu_seconds` since the start.

    Raises:
        ValueError: if there is no text, numbers of texts and labels differ, a label is neither
            0 nor 1, one of both is missing in training, or another figure is monitored.
    """
    how = how or Fit()
    if how.monitor not in ("val_loss", "val_accuracy"):
        raise ValueError(f"monitor must be val_loss or val_accuracy, got {how.monitor!r}.")
    labels, rng = _checked(rows, labels, both=True), np.random.default_rng(how.seed)
    val_rows, val_labels = validation[0], _checked(*validation)
    training = _batches(rows, labels, how.batch_size, lambda: rng)
    judged = _batches(val_rows, val_labels, 256, lambda: np.random.default_rng(0))
    model.compile(keras.optimizers.Adam(how.cosine(how.epochs * len(training)),
                                        global_clipnorm=how.clip),
                  "binary_crossentropy", metrics=["accuracy"])
    return model.fit(training, validation_data=judged, epochs=how.epochs, shuffle=False, verbose=0,
                     callbacks=[TrainingTime(), how.early_stopping(), *how.callbacks])


def _batches(rows, labels, batch_size, rng):
    """Return `Batches` of texts of about the same length, with their labels."""
    lengths = [len(row) for row in rows]
    return Batches(lambda: length_buckets(lengths, batch_size, rng()),
                   lambda batch: (Vocabulary.pad([rows[i] for i in batch]), labels[batch]))


def predict(model, rows, batch_size=256):
    """Return (samples,) probabilities of label 1, in the order of `rows`.

    Args:
        model: of `build_model`.
        rows: list of (tokens,) integer arrays; an empty one is read as padding alone.
        batch_size: texts per batch; each holds texts of about the same length.
    """
    chance = np.zeros(len(rows))
    lengths = [len(row) for row in rows]
    for batch in length_buckets(lengths, batch_size, np.random.default_rng(0)):
        padded = Vocabulary.pad([rows[i] for i in batch])
        chance[batch] = np.asarray(model.predict_on_batch(padded))[:, 0]
    return chance


def _checked(rows, labels, both=False):
    labels = np.asarray(labels)
    if not len(rows) or labels.shape != (len(rows),):
        raise ValueError(f"Each text needs one label, and there must be one at least: got "
                         f"{len(rows)} texts and labels of shape {labels.shape}.")
    found = sorted(set(labels.tolist()), key=str)
    if not set(found) <= {0, 1} or (both and len(found) < 2):
        raise ValueError(f"labels must be 0 and 1, both of them in training, got {found[:5]}: "
                         "write 0 for one class and 1 for the other, as numbers.")
    return labels.astype("int32")
