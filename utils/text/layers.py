"""Layers over tokens that leave padding out: pairs of words, convolution, pooling."""

import numpy as np

from ..training import keras

__all__ = ["MaskedConv1D", "PairEmbedding", "Pooling", "frequent_pairs"]

ops = keras.ops
_LARGEST = 46_340       # its square still fits the 32-bit codes of pairs


def _codes(numbers, vocabulary_size):
    """Return one number per pair of neighbours; the first token's neighbour is padding."""
    numbers = np.asarray(numbers, "int64")
    before = np.concatenate([[0], numbers[:-1]]) if len(numbers) else numbers
    return before * vocabulary_size + numbers


def frequent_pairs(rows, vocabulary_size, max_pairs, min_texts=1):
    """Return the codes of the most frequent pairs of neighbouring tokens, in rising order.

    Args:
        rows: what `Vocabulary.numbers` returned for training texts, and for no others.
        vocabulary_size: tokens in the vocabulary, at most 46,340.
        max_pairs: how many pairs at most.
        min_texts: a pair counts only if it is in at least so many texts.

    Returns:
        (pairs,) int32: a pair's code is `before * vocabulary_size + token`; none where no pair
        is in enough texts.

    Raises:
        ValueError: if the vocabulary is too large.

    >>> frequent_pairs([[2, 3], [4, 2, 3]], 5, 1)
    array([13], dtype=int32)
    """
    if vocabulary_size > _LARGEST:
        raise ValueError(f"vocabulary_size must be at most {_LARGEST} with pairs, got "
                         f"{vocabulary_size}.")
    per_text = [np.unique(_codes(row, vocabulary_size)) for row in rows]
    codes, texts = np.unique(np.concatenate([np.zeros(0, "int64"), *per_text]),
                             return_counts=True)
    known = (codes // vocabulary_size > 1) & (codes % vocabulary_size > 1) & (texts >= min_texts)
    codes, texts = codes[known], texts[known]
    kept = np.argsort(-texts, kind="stable")[:max_pairs]
    return np.sort(codes[kept]).astype("int32")


class PairEmbedding(keras.layers.Layer):
    """A vector for each token, plus one for the pair with the token before; padding is masked.

    Args:
        vocabulary_size: tokens, padding and unknown included.
        units: of a vector.
        n_pairs: how many pairs have a vector, >= 1; set their codes with `set_pairs`.

    Raises:
        ValueError: if there is no pair.

    Source: Joulin et al., Bag of tricks for efficient text classification (2016), where vectors
    of n-grams are averaged.
    """

    def __init__(self, vocabulary_size, units, n_pairs, **options):
        super().__init__(**options)
        if n_pairs < 1:
            raise ValueError(f"n_pairs must be at least 1, got {n_pairs}: ask frequent_pairs for "
                             "pairs in fewer texts (min_texts), or do without pairs.")
        self.vocabulary_size, self.units, self.n_pairs = vocabulary_size, units, n_pairs
        self.supports_masking = True

    def build(self, input_shape):
        self.tokens = self.add_weight(name="tokens", shape=(self.vocabulary_size, self.units),
                                      initializer="uniform")
        self.pairs = self.add_weight(name="pairs", shape=(self.n_pairs + 1, self.units),
                                     initializer="zeros")
        self.codes = self.add_weight(name="codes", shape=(self.n_pairs,), dtype="int32",
                                     initializer="zeros", trainable=False)

    def set_pairs(self, codes):
        """Say which pairs have vectors: what `frequent_pairs` returned."""
        self.codes.assign(codes)

    def call(self, inputs):
        inputs = ops.cast(inputs, "int32")
        before = ops.pad(inputs, ((0, 0), (1, 0)))[:, :-1]
        codes = before * self.vocabulary_size + inputs              # (batch, time)
        place = ops.searchsorted(self.codes, ops.reshape(codes, (-1,)))     # of one dimension
        place = ops.minimum(ops.reshape(place, ops.shape(codes)), self.n_pairs - 1)
        found = ops.equal(ops.take(self.codes, place), codes)
        pairs = ops.take(self.pairs, ops.where(found, place, self.n_pairs), axis=0)
        here = ops.expand_dims(ops.cast(found, pairs.dtype), -1)
        return ops.take(self.tokens, inputs, axis=0) + here * pairs  # (batch, time, units)

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0)

    def get_config(self):
        return {**super().get_config(), "vocabulary_size": self.vocabulary_size,
                "units": self.units, "n_pairs": self.n_pairs}


class Pooling(keras.layers.Layer):
    """One vector of a sequence: the greatest, the mean or both over the steps that are not masked.

    (batch, time, features) becomes (batch, features), or (batch, 2·features) for "max+mean";
    a text without any step becomes zeros.
    """

    def __init__(self, how, **options):
        super().__init__(**options)
        self.how, self.supports_masking = how, True

    def call(self, inputs, mask=None):
        keep = ops.ones_like(inputs[:, :, :1]) if mask is None else ops.expand_dims(
            ops.cast(mask, inputs.dtype), -1)                       # (batch, time, 1)
        n_steps = ops.sum(keep, axis=1)
        parts = []
        if "max" in self.how:
            highest = ops.max(ops.where(keep > 0, inputs, -1e9), axis=1)
            parts.append(ops.where(n_steps > 0, highest, 0.0))
        if "mean" in self.how:
            parts.append(ops.sum(inputs * keep, axis=1) / ops.maximum(n_steps, 1.0))
        return ops.concatenate(parts, axis=-1)

    def compute_mask(self, inputs, mask=None):
        return None

    def get_config(self):
        return {**super().get_config(), "how": self.how}


class MaskedConv1D(keras.layers.Conv1D):
    """Keras' Conv1D that reads zeros where a step is masked, and passes the mask on."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is not None:
            inputs = inputs * ops.expand_dims(ops.cast(mask, inputs.dtype), -1)
        return super().call(inputs)
