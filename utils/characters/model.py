"""Recurrent networks that say which character comes next, with the alphabet they read by.

Lesson 13 builds the parts one by one; here they are together. `writing` lets a model
write, `training` trains and judges it.
"""

import json
from pathlib import Path

import numpy as np

from ..by_hand.model import parameter_count
from ..text.alphabet import Alphabet
from ..training import keras, set_seed

__all__ = ["KINDS", "CharEmbedding", "CharModel", "layer_parameters", "reset_state",
           "units_for_parameters"]

ops = keras.ops
KINDS = ("SimpleRNN", "GRU", "LSTM")
_FORMAT = "character model 1"


class CharEmbedding(keras.layers.Layer):
    """A vector for each character, plus one for the pair it makes with the one before.

    Inputs are integers (..., 2): a character and the one before it. A pair costs a look-up and
    no multiplication, and spares the network the work of learning what pairs mean.

    Args:
        alphabet_size: characters, the unknown sign included.
        units: of a vector.
        buckets: vectors for pairs, 0 for none; where there are more pairs than buckets, some
            share one.

    Source: Bojanowski et al., Enriching word vectors with subword information (2017), section
    3.2, where n-grams share vectors by such a hash.
    """

    def __init__(self, alphabet_size, units, buckets=0, **options):
        super().__init__(**options)
        self.alphabet_size, self.units, self.buckets = alphabet_size, units, buckets

    def build(self, input_shape):
        self.characters = self.add_weight(name="characters", initializer="uniform",
                                          shape=(self.alphabet_size, self.units))
        if self.buckets:
            self.pairs = self.add_weight(name="pairs", initializer="zeros",
                                         shape=(self.buckets, self.units))

    def call(self, inputs):
        character, before = inputs[..., 0], inputs[..., 1]
        vector = ops.take(self.characters, character, axis=0)
        if self.buckets:
            bucket = (before * self.alphabet_size + character) % self.buckets
            vector = vector + ops.take(self.pairs, bucket, axis=0)
        return vector                                           # (..., units)

    def get_config(self):
        return {**super().get_config(), "alphabet_size": self.alphabet_size,
                "units": self.units, "buckets": self.buckets}


class CharModel:
    """A network from characters to the logits of the next one, and its alphabet.

    Args:
        alphabet: `Alphabet` of the training text.
        kind: one of `KINDS`.
        units: of each recurrent layer.
        layers: how many of them.
        embedding: units of a character's vector.
        buckets: of `CharEmbedding`, for pairs of characters; 0 for none.
        dropout: share of each layer's outputs dropped in training, the same ones at all steps
            of a batch (Gal and Ghahramani, 2016).
        seed: of the first weights and of dropout.

    Raises:
        ValueError: for an unknown kind, or fewer than one layer or unit.
    """

    def __init__(self, alphabet, kind="GRU", units=256, layers=1, embedding=64, buckets=0,
                 dropout=0.0, seed=0):
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
        if layers < 1 or units < 1:
            raise ValueError(f"layers and units must be at least 1, got {layers} and {units}.")
        self.alphabet, self._networks = alphabet, {}
        self.options = {"kind": kind, "units": units, "layers": layers, "embedding": embedding,
                        "buckets": buckets, "dropout": dropout, "seed": seed}
        set_seed(seed, deterministic=False)
        self._newest = self.network(1)

    def network(self, streams):
        """Return the Keras model for so many streams, with the weights that were used last.

        It reads (streams, time, 2) integers (see `inputs`) and returns logits (streams, time,
        characters). Its layers are stateful: they go on where the last batch ended, until
        `reset_state`.
        """
        if streams not in self._networks:
            self._networks[streams] = self._build(streams)
            if len(self._networks) == 1:
                self._newest = self._networks[streams]
        found = self._networks[streams]
        if found is not self._newest:
            for old, new in zip(found.trainable_variables, self._newest.trainable_variables,
                                strict=True):
                old.assign(new)
            self._newest = found
        return found

    def _build(self, streams):
        options = self.options
        inputs = keras.Input((None, 2), batch_size=streams, dtype="int32")
        h = CharEmbedding(len(self.alphabet), options["embedding"], options["buckets"])(inputs)
        for _ in range(options["layers"]):
            layer = getattr(keras.layers, options["kind"])
            h = layer(options["units"], return_sequences=True, stateful=True)(h)
            if options["dropout"]:
                shape = (streams, 1, options["units"])
                h = keras.layers.Dropout(options["dropout"], noise_shape=shape)(h)
        return keras.Model(inputs, keras.layers.Dense(len(self.alphabet))(h))

    @staticmethod
    def inputs(tokens):
        """Return (..., time, 2): each of the tokens (..., time), and the one before it or 0."""
        tokens = np.asarray(tokens, dtype="int32")
        before = np.concatenate([np.zeros_like(tokens[..., :1]), tokens[..., :-1]], axis=-1)
        return np.stack([tokens, before], axis=-1)

    def start_from_counts(self, text):
        """Set the output's biases to each character's log share of `text`, plus half a count.

        An untrained network then says what counting says, and does not spend its first
        thousand updates on learning it. `text` is the training text.
        """
        counts = np.bincount(self.alphabet.encode(text), minlength=len(self.alphabet)) + 0.5
        output = self._newest.layers[-1]
        kernel, _ = output.get_weights()
        output.set_weights([kernel, np.log(counts / counts.sum()).astype("float32")])

    def start_with_memory(self, steps, share=1.0):
        """Set gates' biases so that what some units hold lasts for 2 to `steps` characters.

        The other units start with gates half open, as Keras leaves a GRU's.

        A GRU's update gate starts at u / (1 + u), an LSTM's forget gate too and its input gate
        at 1 / (1 + u), with u drawn for each unit from 1 to `steps` - 1: after u characters
        about a third of the state is left. Source: Tallec and Ollivier, Can recurrent neural
        networks warp time? (2018), section 3, "chrono initialisation".

        Args:
            steps: characters, >= 2.
            share: of each layer's units, greater than 0 and at most 1.

        Raises:
            ValueError: if the layers have no gates, or an argument is not as above.
        """
        if self.options["kind"] == "SimpleRNN":
            raise ValueError("A SimpleRNN has no gates to start with memory: use GRU or LSTM.")
        if steps < 2 or not 0 < share <= 1:
            raise ValueError("steps must be at least 2 and share greater than 0 and at most 1, "
                             f"got {steps} and {share}.")
        rng, units = np.random.default_rng(self.options["seed"]), self.options["units"]
        for layer in self._newest.layers:
            if isinstance(layer, keras.layers.RNN):
                kernel, recurrent, bias = layer.get_weights()
                n = max(round(share * units), 1)
                lasting = np.log(rng.uniform(1, steps - 1, n))
                if self.options["kind"] == "GRU":
                    bias[0, :n] = lasting                           # z_t keeps h_{t-1}
                else:
                    bias[:n], bias[units:units + n] = -lasting, lasting         # i_t, f_t
                layer.set_weights([kernel, recurrent, bias])

    def parameters(self):
        """Return how many numbers the network learns."""
        return sum(int(np.prod(w.shape)) for w in self._newest.trainable_variables)

    def save(self, folder):
        """Write alphabet, options and weights into a folder, which is made if need be."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.alphabet.save(folder / "alphabet.json")
        self.network(1).save_weights(folder / "network.weights.h5")
        text = json.dumps({"format": _FORMAT, "options": self.options})
        (folder / "options.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder):
        """Return the model that `save` wrote.

        Raises:
            ValueError: if the folder holds no such model.
        """
        folder = Path(folder)
        try:
            content = json.loads((folder / "options.json").read_text(encoding="utf-8"))
            if content["format"] != _FORMAT:
                raise KeyError("format")
            model = cls(Alphabet.load(folder / "alphabet.json"), **content["options"])
            model.network(1).load_weights(folder / "network.weights.h5")
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{folder} holds no model that CharModel.save wrote "
                             f"({type(error).__name__}): train one and save it.") from None
        return model


def reset_state(network):
    """Let the network's layers begin anew, with states of zero."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.RNN):
            layer.reset_state()


def layer_parameters(kind, units, layers=1, embedding=64):
    """Return what the recurrent layers of a `CharModel` learn, without embedding and output."""
    return parameter_count(kind, embedding, units) + (layers - 1) * parameter_count(
        kind, units, units)


def units_for_parameters(kind, budget, layers=1, embedding=64):
    """Return the units per layer whose `layer_parameters` come nearest to `budget`.

    >>> [units_for_parameters(kind, 50_000) for kind in ("SimpleRNN", "GRU", "LSTM")]
    [193, 100, 84]
    """
    sizes = range(1, int(budget**0.5) + 2)
    return min(sizes, key=lambda n: abs(layer_parameters(kind, n, layers, embedding) - budget))
