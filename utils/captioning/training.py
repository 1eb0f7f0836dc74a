"""Train a caption model by teacher forcing, and keep the epoch that the dev images like best."""

import numpy as np

from ..metrics import cider_d
from ..text import length_buckets
from ..training import BestEpoch, keras
from .decoding import Decoder, teacher_forcing

__all__ = ["TokenCrossEntropy", "train_captioner"]

ops = keras.ops
MONITORS = ("val_loss", "val_cider")


class TokenCrossEntropy(keras.losses.Loss):
    """The mean of -log P per token in nats, padding (target 0) left out."""

    def call(self, y_true, y_pred):
        targets = ops.cast(y_true, "int32")
        losses = ops.sparse_categorical_crossentropy(targets, y_pred, from_logits=True)
        real = ops.cast(targets != 0, losses.dtype)
        return ops.sum(losses * real) / ops.maximum(ops.sum(real), 1.0)


def train_captioner(model, images, captions, validation, start, end, epochs=8, batch_size=64,
                    rate=2e-3, clip=5.0, monitor="val_loss", patience=1,
                    together=False, max_length=20, seed=0, callbacks=()):
    """Train on every caption once an epoch; keep the weights of the best epoch.

    Adam, its rate falling to 5 % along half a cosine. A batch holds captions of about the same
    length; with `together`, all captions of some images, so that each image is encoded once.

    Args:
        model: of `build_captioner`; it is compiled here.
        images: (images, ...), as the model gets them.
        captions: one list of (tokens,) integer arrays per image, without signs.
        validation: (images, captions) of the dev split, never of the test's.
        start, end: numbers of the signs around a caption.
        epochs: passes over the captions, at most.
        batch_size: captions per batch.
        rate: Adam's learning rate at first.
        clip: joint norm of the gradients, at most.
        monitor: "val_loss", nats per token, or "val_cider", CIDEr-D of greedy captions over the
            tokens' numbers: what makes an epoch better.
        patience: epochs without a better one that are let pass.
        together: for a model with an encoder that is trained along.
        max_length: of greedy captions for "val_cider".
        seed: of the order of batches.
        callbacks: Keras callbacks, told of each epoch, such as `Progress`.

    Returns:
        DataFrame, one row per epoch: `loss` (in training, all its terms), `val_loss`,
        `val_cider` if it is the monitor, `seconds` and `cpu_seconds` since the start.
        `attrs["best"]` is the epoch kept, from 0.

    Raises:
        ValueError: if there is no caption, numbers of images and of lists differ, a caption is
            empty, or `monitor` is another.
    """
    if monitor not in MONITORS:
        raise ValueError(f"monitor must be val_loss or val_cider, got {monitor!r}.")
    _check("training", images, captions)
    _check("validation", *validation)
    rng, decoder = np.random.default_rng(seed), Decoder(model, start, end, max_length)
    places = np.array([i for i, rows in enumerate(captions) for _ in rows])
    rows = [row for one in captions for row in one]
    steps = len(_batches(captions, batch_size, together, rng))
    schedule = keras.optimizers.schedules.CosineDecay(rate, epochs * steps, alpha=0.05)
    model.compile(keras.optimizers.Adam(schedule, global_clipnorm=clip),
                  TokenCrossEntropy(), jit_compile=False)
    told = keras.callbacks.CallbackList(list(callbacks), model=model, epochs=epochs)
    history = BestEpoch(model, monitor, monitor == "val_cider", patience)
    told.on_train_begin()
    for epoch in range(epochs):
        total = n_tokens = 0
        for batch in _batches(captions, batch_size, together, rng):
            if together:
                width = max(len(captions[i]) for i in batch)
                chosen = [row for i in batch for row in
                          [*captions[i], *[None] * (width - len(captions[i]))]]
                shown = images[batch]
            else:
                chosen, shown = [rows[k] for k in batch], images[places[batch]]
            tokens, targets = teacher_forcing(chosen, start, end)
            loss = model.train_on_batch((np.asarray(shown), tokens), targets)
            total += float(np.ravel(loss)[0]) * (targets != 0).sum()
            n_tokens += (targets != 0).sum()
        sums, lengths = decoder.losses(*validation)
        row = {"loss": total / n_tokens, "val_loss": sums.sum() / lengths.sum()}
        if monitor == "val_cider":
            row["val_cider"] = _greedy_cider(decoder, *validation)
        told.on_epoch_end(epoch, row)
        if history.add(row):
            break
    told.on_train_end()
    return history.restore()


def _batches(captions, batch_size, together, rng):
    """Return lists of caption numbers, or of image numbers if `together`."""
    if together:
        width = max(len(rows) for rows in captions)
        longest = [max((len(row) for row in rows), default=0) for rows in captions]
        return length_buckets(longest, max(batch_size // width, 1), rng)
    return length_buckets([len(row) for rows in captions for row in rows], batch_size, rng)


def _greedy_cider(decoder, images, captions):
    """Return mean CIDEr-D of greedy captions, each token's number taken for a word."""
    found = [[str(token) for token in one.tokens] for one in decoder.greedy(images)]
    references = [[[str(token) for token in row] for row in rows] for rows in captions]
    return float(cider_d(found, references).mean())


def _check(name, images, captions):
    lengths = [len(row) for rows in captions for row in rows]
    if not lengths or len(images) != len(captions):
        raise ValueError(f"The {name} data need one list of captions per image and one caption at "
                         f"least, got {len(images)} images and {len(captions)} lists with "
                         f"{len(lengths)} captions.")
    if min(lengths) == 0:
        raise ValueError(f"The {name} captions hold an empty one: leave it out.")
