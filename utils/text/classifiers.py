"""Networks that read a text and say how likely it is a good one: text in, one number out.

Lesson 09 builds the parts one by one; here they are together, with training over batches of
texts of about the same length. `python -m benchmarks.sentiment` measures them on real reviews.
"""

import numpy as np

from ..training import BestEpoch, keras, set_seed
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


def train(model, rows, labels, validation, epochs=4, batch_size=64, rate=2e-3, patience=1,
          monitor="val_loss", seed=0, callbacks=()):
    """Train on batches of texts of about the same length; keep the best epoch's weights.

    Adam, its rate falling to 5 % along half a cosine. After each epoch the validation texts are
    judged; training stops once that has been no better for more than `patience` epochs.

    Args:
        model: of `build_model`; it is compiled here.
        rows: list of (tokens,) integer arrays, as `Vocabulary.numbers` returns them.
        labels: (samples,) 0 or 1, both present.
        validation: (rows, labels) kept out of the training reviews, never the test's.
        epochs: passes over the texts, at most.
        batch_size: texts per batch.
        rate: Adam's learning rate at first.
        patience: epochs without a better one that are let pass.
        monitor: "val_loss" or "val_accuracy": what makes an epoch better.
        seed: of the order of batches.
        callbacks: Keras callbacks, told of each epoch, such as `Progress`.

    Returns:
        DataFrame, one row per epoch: `loss` and `accuracy` (means while learning), `val_loss`,
        `val_accuracy`, and `seconds` and `cpu_seconds` since the start. `attrs["best"]` is the
        epoch kept, from 0.

    Raises:
        ValueError: if there is no text, numbers of texts and labels differ, a label is neither
            0 nor 1, one of both is missing in training, or `monitor` is another.
    """
    if monitor not in ("val_loss", "val_accuracy"):
        raise ValueError(f"monitor must be val_loss or val_accuracy, got {monitor!r}.")
    labels, rng = _checked(rows, labels, both=True), np.random.default_rng(seed)
    val_labels = _checked(*validation)
    lengths = [len(row) for row in rows]
    n_batches = -(-len(rows) // batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(rate, epochs * n_batches, alpha=0.05)
    model.compile(keras.optimizers.Adam(schedule, global_clipnorm=1.0),
                  "binary_crossentropy", metrics=["accuracy"])
    told = keras.callbacks.CallbackList(list(callbacks), model=model, epochs=epochs)
    history = BestEpoch(model, monitor, monitor == "val_accuracy", patience)
    told.on_train_begin()
    for epoch in range(epochs):
        sums = np.zeros(2)
        for batch in length_buckets(lengths, batch_size, rng):
            figures = model.train_on_batch(Vocabulary.pad([rows[i] for i in batch]),
                                           labels[batch], return_dict=True)
            sums += len(batch) * np.array([figures["loss"], figures["accuracy"]])
        chance = np.clip(predict(model, validation[0]), 1e-7, 1 - 1e-7)
        row = dict(zip(("loss", "accuracy"), (sums / len(rows)).tolist(), strict=True))
        row["val_loss"] = float(-np.log(np.where(val_labels == 1, chance, 1 - chance)).mean())
        row["val_accuracy"] = float(((chance > 0.5) == val_labels).mean())
        told.on_epoch_end(epoch, row)
        if history.add(row):
            break
    told.on_train_end()
    return history.restore()


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
