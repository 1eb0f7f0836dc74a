"""Networks that write a caption of an image: six ways for the image to drive an LSTM.

    pre      the image is read as if it were the first word          Vinyals et al. (2015)
    init     the image sets the first state                          Tanti et al. (2018)
    par      the image comes with every word                         Tanti et al. (2018)
    merge    the LSTM reads words alone; the image joins its output  Mao et al. (2015)
    attend   at each word, a look at some regions of the image       Xu et al. (2015)
    topdown  one LSTM looks at regions, a second one writes          Anderson et al. (2018)

Teacher forcing and decoding run the same step, so they agree. Token 0 is padding. There may be
several captions per image: rows i·width to (i + 1)·width - 1 belong to image i.
"""

from ..training import keras, set_seed
from .layers import AdditiveAttention, LSTMStep, doubly_stochastic

__all__ = ["ATTENDING", "KINDS", "Captioner", "build_captioner", "equal_units"]

ops = keras.ops
ATTENDING = ("attend", "topdown")
KINDS = ("pre", "init", "par", "merge", *ATTENDING)


class Captioner(keras.Model):
    """A caption model: `model((images, tokens))` is (rows, time, vocabulary) logits.

    Make one with `build_captioner`, which says what the arguments are. Logits at
    step t are of the token after `tokens[:, t]`. `begin` and `step` do the same one token at a
    time.
    """

    def __init__(self, kind, vocabulary_size, units=256, embedding=256, attention=128,
                 dropout=0.3, doubly=0.0, masked=False, encoder=None, **options):
        super().__init__(**options)
        dense = keras.layers.Dense
        self.kind, self.units, self.doubly, self.masked = kind, units, doubly, masked
        self.encoder, self.attends = encoder, kind in ATTENDING
        self.drop = keras.layers.Dropout(dropout)
        self.embed = keras.layers.Embedding(
            vocabulary_size, embedding,             # Keras' 0.03 is drowned by the image at first
            embeddings_initializer=keras.initializers.RandomNormal(stddev=1.0))
        self.lstm = LSTMStep(units)
        self.lstm.build(embedding)
        self.see = dense(2 * units, "tanh") if kind == "init" else dense(embedding)
        if kind == "par":
            self.from_image = dense(4 * units, use_bias=False)
        if kind in ("merge", "attend"):
            self.from_state = dense(embedding)
        if self.attends:
            self.attention = AdditiveAttention(attention)
            self.attention.build(embedding, units)
        if kind == "attend":
            self.first = dense(2 * units, "tanh")
            self.gate = dense(1, "sigmoid")
            self.from_context = dense(4 * units, use_bias=False)
            self.context_out = dense(embedding, use_bias=False)
        if kind == "topdown":
            self.from_image = dense(4 * units, use_bias=False)
            self.from_language = dense(4 * units, use_bias=False)
            self.language = LSTMStep(units)
            self.language.build(embedding + units)
        self.answer = dense(vocabulary_size)

    def call(self, inputs, training=False):
        images, tokens = inputs
        logits, weights, memory = self.teach(images, tokens, training)
        if training and self.attends and self.doubly:
            regions = _spread(memory["mask"], tokens)[:, 0] if self.masked else None
            self.add_loss(self.doubly * doubly_stochastic(weights, tokens != 0, regions))
        return logits

    def teach(self, images, tokens, training=False):
        """Return the logits, the weights (rows, time, regions) or None, and the memory."""
        memory, states = self.begin(images, training)
        embedded, z = self._words(tokens, memory, training)
        states = [_spread(state, tokens)[:, 0] for state in states]
        if self.attends:
            states += [_spread(ops.zeros_like(memory["mean"]), tokens)[:, 0],
                       _spread(ops.zeros_like(memory["keys"][..., 0]), tokens)[:, 0]]

        def one_step(carry, z_t):
            carry = self._advance(z_t, carry, memory)
            return carry, carry

        _, seen = ops.scan(one_step, states, ops.transpose(z, (1, 0, 2)))
        seen = [ops.transpose(x, (1, 0, 2)) for x in seen]
        return (self._logits(embedded, seen, memory, training),
                seen[-1] if self.attends else None, memory)

    def token_losses(self, images, tokens, targets):
        """Return (rows, time) -log P of each target in nats, 0 where it is padding."""
        losses = ops.sparse_categorical_crossentropy(
            targets, self.teach(images, tokens)[0], from_logits=True)
        return losses * ops.cast(targets != 0, losses.dtype)

    def weights_of(self, images, tokens):
        """Return (rows, time, regions): where the model looks to write what follows a token."""
        return self.teach(images, tokens)[1]

    def begin(self, images, training=False):
        """Return what is remembered of the images, and the first states, one row per image."""
        x = images if self.encoder is None else self.encoder(images, training=training)
        if not self.attends:
            if len(x.shape) > 2:
                x = ops.mean(x, axis=tuple(range(1, len(x.shape) - 1)))
            seen = self.see(self.drop(x, training=training))
            if self.kind == "init":
                return {"mean": seen}, ops.split(seen, 2, axis=-1)
            empty = ops.repeat(ops.zeros_like(seen[:, :1]), self.units, axis=1)
            if self.kind == "pre":
                return {"mean": seen}, list(self.lstm(self.lstm.project(seen), empty, empty))
            return {"mean": seen}, [empty, empty]
        if len(x.shape) == 4:                               # (images, height, width, features)
            x = ops.reshape(x, (-1, x.shape[1] * x.shape[2], x.shape[3]))
        real = ops.any(ops.not_equal(x, 0), axis=-1)        # (images, regions)
        a = self.see(self.drop(x, training=training))
        share = ops.expand_dims(ops.cast(real, a.dtype) if self.masked else
                                ops.ones_like(a[..., 0]), -1)
        mean = ops.sum(a * share, axis=1) / ops.maximum(ops.sum(share, axis=1), 1.0)
        memory = {"a": a, "keys": self.attention.keys(a), "mean": mean}
        if self.masked:
            memory["mask"] = real
        if self.kind == "attend":
            return memory, ops.split(self.first(mean), 2, axis=-1)
        empty = ops.repeat(ops.zeros_like(mean[:, :1]), self.units, axis=1)
        return memory, [empty] * 4

    def step(self, tokens, states, memory):
        """Return (rows, vocabulary) log-probabilities of the next token, the states and the
        weights (rows, regions), which are (rows, 0) for a model that looks at no regions."""
        embedded, z = self._words(ops.expand_dims(tokens, 1), memory, False)
        carry = self._advance(z[:, 0], [*states, None, None] if self.attends else states, memory)
        logits = self._logits(embedded, [ops.expand_dims(x, 1) for x in carry], memory, False)
        states, weights = (carry[:-2], carry[-1]) if self.attends else (carry, logits[:, 0, :0])
        return ops.log_softmax(logits[:, 0], axis=-1), states, weights

    def _words(self, tokens, memory, training):
        """Return the words' vectors and their part of the gates, for all steps at once."""
        embedded = self.drop(self.embed(tokens), training=training)
        z = self.lstm.project(embedded)                     # (rows, time, 4 units)
        if self.kind in ("par", "topdown"):
            z = z + _spread(self.from_image(memory["mean"]), tokens)
        return embedded, z

    def _advance(self, z, carry, memory):
        """Return the states after one more word; last the context and the weights, if any."""
        if not self.attends:
            return list(self.lstm(z, *carry))
        if self.kind == "attend":
            h, c, *_ = carry
            context, weights = self._look(h, memory)
            context = self.gate(h) * context
            h, c = self.lstm(z + self.from_context(context), h, c)
            return [h, c, context, weights]
        h, c, h_out, c_out, *_ = carry
        h, c = self.lstm(z + self.from_language(h_out), h, c)
        context, weights = self._look(h, memory)
        z_out = self.language.project(ops.concatenate([context, h], axis=-1))
        h_out, c_out = self.language(z_out, h_out, c_out)
        return [h, c, h_out, c_out, context, weights]

    def _look(self, h, memory):
        a = memory["a"]
        asked = ops.reshape(h, (ops.shape(a)[0], -1, self.units))       # (images, width, units)
        context, weights = self.attention(asked, a, memory["keys"], memory.get("mask"))
        return (ops.reshape(context, (-1, a.shape[-1])),
                ops.reshape(weights, (-1, ops.shape(a)[1])))

    def _logits(self, embedded, seen, memory, training):
        """Return the logits of all steps; `seen` is `_advance`'s list with a time axis."""
        x = seen[2] if self.kind == "topdown" else seen[0]
        if self.kind == "merge":
            x = ops.tanh(embedded + self.from_state(x) + _spread(memory["mean"], embedded))
        if self.kind == "attend":
            x = ops.tanh(embedded + self.from_state(x) + self.context_out(seen[2]))
        return self.answer(self.drop(x, training=training))


def _spread(x, rows):
    """Return x (images, features) as (rows, 1, features), each image as often as it has rows."""
    n, features = ops.shape(x)[0], ops.shape(x)[1]
    width = ops.shape(rows)[0] // n
    return ops.reshape(ops.broadcast_to(ops.expand_dims(x, 1), (n, width, features)),
                       (n * width, 1, features))


def build_captioner(kind, vocabulary_size, image_shape, units=256, embedding=256, attention=128,
                    dropout=0.3, doubly=0.0, masked=False, encoder=None, seed=0):
    """Return a `Captioner` with its first weights made.

    Args:
        kind: one of `KINDS`.
        vocabulary_size: tokens, padding and all signs included.
        image_shape: of one image as the model gets it: (features,), (regions, features) or
            (height, width, features); of the raw image with an `encoder`. A kind that does not
            attend takes the mean over regions.
        units: of an LSTM's state.
        embedding: units of a word's vector, and of what is kept of an image or region.
        attention: units of the attention's hidden layer.
        dropout: share of word vectors, image features and outputs dropped in training.
        doubly: weight of the doubly stochastic regulariser in the training loss.
        masked: True where regions of zeros alone are padding, to look at none of them.
        encoder: Keras model or layer from raw images to features, trained along; or None.
        seed: of the first weights and of dropout.

    Raises:
        ValueError: for an unknown kind, or images without regions for a kind that attends.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
    if kind in ATTENDING and len(image_shape) < 2:
        raise ValueError(f"{kind} looks at regions: image_shape must be (regions, features) or "
                         f"(height, width, features), got {tuple(image_shape)}.")
    set_seed(seed, deterministic=False)
    model = Captioner(kind, vocabulary_size, units, embedding, attention, dropout, doubly,
                      masked, encoder)
    memory, states = model.begin(ops.zeros((1, *image_shape)))
    model.step(ops.ones((1,), "int32"), states, memory)     # every layer has its weights now
    model.built = True
    return model


def equal_units(kind, parameters, vocabulary_size, image_shape, **options):
    """Return the units with which a model has about so many weights, so that kinds compare.

    Args:
        kind, vocabulary_size, image_shape, options: as in `build_captioner`, but no units.
        parameters: how many weights it should have.

    Raises:
        ValueError: if even one unit is too many.
    """
    def count(units):
        return build_captioner(kind, vocabulary_size, image_shape, units, **options).count_params()

    one, two, three = map(count, (1, 2, 3))                 # a parabola in units
    square = (three - 2 * two + one) / 2
    linear = two - one - 3 * square
    rest = one - square - linear - parameters
    if rest + square + linear > 0:
        raise ValueError(f"{kind} has {one:,} weights with a single unit, more than {parameters:,}"
                         ": allow more, or take a smaller embedding.")
    if not square:
        return round(-rest / linear)
    return round((-linear + (linear**2 - 4 * square * rest) ** 0.5) / (2 * square))
