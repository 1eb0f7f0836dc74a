"""Layers of image captioning: additive attention, an LSTM step, and what attention may cost."""

from ..training import keras

__all__ = ["AdditiveAttention", "LSTMStep", "doubly_stochastic"]

ops = keras.ops


class AdditiveAttention(keras.layers.Layer):
    """Weigh the regions of an image by what a state asks for.

    `call(h, a, keys, mask)` takes h (batch, width, units), a (batch, regions, features), what
    `keys(a)` returned (batch, regions, attention), and a mask (batch, regions) or None. It
    returns the context (batch, width, features) and the weights (batch, width, regions). A
    width above 1 asks for several states about one image, so that no image is repeated.

    The keys do not depend on the state: compute them once per image, not once per word.

    Args:
        attention: units of the hidden layer.

    Source: Bahdanau et al. (2014); `utils.by_hand.additive_attention_forward` is the same.
    """

    def __init__(self, attention, **options):
        super().__init__(**options)
        self.attention = attention

    def build(self, features, units):
        """Make the weights for regions of `features` numbers and states of `units`."""
        self.W_a = self.add_weight(name="W_a", shape=(features, self.attention))
        self.W_h = self.add_weight(name="W_h", shape=(units, self.attention))
        self.b = self.add_weight(name="b", shape=(self.attention,), initializer="zeros")
        self.v = self.add_weight(name="v", shape=(self.attention, 1))
        self.built = True

    def keys(self, a):
        """Return a W_a, (batch, regions, attention)."""
        return ops.matmul(a, self.W_a)

    def call(self, h, a, keys, mask=None):
        query = ops.matmul(h, self.W_h) + self.b                # (batch, width, attention)
        s = ops.tanh(ops.expand_dims(keys, 1) + ops.expand_dims(query, 2))
        e = ops.squeeze(ops.matmul(s, self.v), -1)              # (batch, width, regions)
        if mask is not None:
            e = ops.where(ops.expand_dims(mask, 1), e, -1e9)
        alpha = ops.softmax(e, axis=-1)
        return ops.matmul(alpha, a), alpha

    def get_config(self):
        return {**super().get_config(), "attention": self.attention}


class LSTMStep(keras.layers.Layer):
    """Keras' LSTM, one step at a time, with the inputs' part of the gates computed ahead.

    `project(x)` returns x W + b for all steps in one product; `call(z, h, c)` adds h U and
    returns the next h and c. Gate order i, f, g, o; the forget gate's bias begins at 1.

    `keras.layers.LSTMCell` gives the same (a test holds them equal) and is no slower: with it,
    a training step of lesson 12's "attend" takes 1.01 times as long. But it forms z itself, from
    x alone. Here the image, the context and a second LSTM add to z, each by weights of its own;
    they would have to be joined to x, and all these kernels to one, drawn otherwise.

    Args:
        units: of h and c.
    """

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    def build(self, features):
        """Make the weights for inputs of `features` numbers."""
        self.W = self.add_weight(name="W", shape=(features, 4 * self.units))
        self.U = self.add_weight(name="U", shape=(self.units, 4 * self.units),
                                 initializer="orthogonal")
        self.b = self.add_weight(name="b", shape=(4 * self.units,), initializer="zeros")
        ones = ops.concatenate([ops.zeros(self.units), ops.ones(self.units),
                                ops.zeros(2 * self.units)])
        self.b.assign(ones)
        self.built = True

    def project(self, x):
        """Return x W + b, (..., 4 units)."""
        return ops.matmul(x, self.W) + self.b

    def call(self, z, h, c):
        z_i, z_f, z_g, z_o = ops.split(z + ops.matmul(h, self.U), 4, axis=-1)
        c = ops.sigmoid(z_f) * c + ops.sigmoid(z_i) * ops.tanh(z_g)
        return ops.sigmoid(z_o) * ops.tanh(c), c

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def doubly_stochastic(weights, steps, regions=None):
    """Return sum_i (1 - sum_t alpha_ti)^2, the mean over captions: a number.

    The weights of one step add up to 1 by themselves; this asks that those of one region add
    up to 1 over the sentence, too, so that none is looked at all the time or never.

    Args:
        weights: (batch, time, regions), alpha.
        steps: (batch, time), False where a step is padding.
        regions: (batch, regions), False where there is no region; or None.

    Source: Xu et al., Show, attend and tell (2015), equation 14.
    """
    weights = ops.convert_to_tensor(weights)
    steps = ops.cast(steps, weights.dtype)
    missing = (1 - ops.sum(weights * ops.expand_dims(steps, -1), axis=1))**2
    if regions is not None:
        missing = missing * ops.cast(regions, weights.dtype)
    real = ops.cast(ops.any(steps > 0, axis=1), weights.dtype)      # a caption of padding alone
    return ops.sum(ops.sum(missing, axis=-1) * real) / ops.maximum(ops.sum(real), 1.0)
