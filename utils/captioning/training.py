"""Train a caption model by teacher forcing, and keep the epoch that the dev images like best."""

import numpy as np

from ..metrics import cider_d
from ..text import length_buckets
from ..training import Batches, Fit, TrainingTime, keras
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


class _Dev(keras.callbacks.Callback):
    """Adds to each epoch's figures `val_loss`, exactly per token, and `val_cider` if asked."""

    def __init__(self, decoder, images, captions, with_cider):
        super().__init__()
        self.decoder, self.data, self.with_cider = decoder, (images, captions), with_cider

    def on_epoch_end(self, epoch, logs=None):
        sums, lengths = self.decoder.losses(*self.data)
        logs["val_loss"] = float(sums.sum() / lengths.sum())
        if self.with_cider:
            logs["val_cider"] = _greedy_cider(self.decoder, *self.data)


def train_captioner(model, images, captions, validation, signs, how=None, together=False):
    """Train on every caption once an epoch; keep the weights of the best epoch.

    Adam, its rate falling to 5 % along half a cosine. A batch holds captions of about the same
    length; with `together`, all captions of some images, so that each image is encoded once.

    Args:
        model: of `build_captioner`; it is compiled here.
        images: (images, ...), as the model gets them.
        captions: one list of (tokens,) integer arrays per image, without signs.
        validation: (images, captions) of the dev split, never of the test's.
        signs: a `Signs`, around each caption.
        how: a `Fit`. It monitors "val_loss", nats per token, or "val_cider", CIDEr-D of greedy
            captions over the tokens' numbers.
        together: for a model with an encoder that is trained along.

    Returns:
        Keras' History of `loss` (in training, all its terms), `val_loss`, `val_cider` if it is
        monitored, `seconds` and `cpu_seconds` since the start.

    Raises:
        ValueError: if there is no caption, numbers of images and of lists differ, a caption is
            empty, or another figure is monitored.
    """
    how = how or Fit(epochs=8, clip=5.0)
    if how.monitor not in MONITORS:
        raise ValueError(f"monitor must be val_loss or val_cider, got {how.monitor!r}.")
    _check("training", images, captions)
    _check("validation", *validation)
    rng, decoder = np.random.default_rng(how.seed), Decoder(model, signs)
    places = np.array([i for i, rows in enumerate(captions) for _ in rows])
    rows = [row for one in captions for row in one]

    def load(batch):
        if together:
            width = max(len(captions[i]) for i in batch)
            chosen = [row for i in batch for row in
                      [*captions[i], *[None] * (width - len(captions[i]))]]
            shown = images[batch]
        else:
            chosen, shown = [rows[k] for k in batch], images[places[batch]]
        tokens, targets = teacher_forcing(chosen, signs)
        return (np.asarray(shown), tokens), targets

    batches = Batches(lambda: _batches(captions, how.batch_size, together, rng), load)
    model.compile(keras.optimizers.Adam(how.cosine(how.epochs * len(batches)),
                                        global_clipnorm=how.clip),
                  TokenCrossEntropy(), jit_compile=False)
    dev = _Dev(decoder, *validation, how.monitor == "val_cider")
    return model.fit(batches, epochs=how.epochs, shuffle=False, verbose=0,
                     callbacks=[dev, TrainingTime(), how.early_stopping(), *how.callbacks])


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
