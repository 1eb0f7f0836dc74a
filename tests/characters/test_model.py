"""Character models carry their state, learn, come back from disk, and write as NumPy says."""

from itertools import pairwise

import numpy as np
import pytest

from utils.characters import (
    CharModel,
    CharWriter,
    evaluate,
    layer_parameters,
    reset_state,
    train,
    units_for_parameters,
)
from utils.characters.model import KINDS
from utils.characters.training import Streams
from utils.decoding import Draw, log_softmax, write
from utils.text import Alphabet
from utils.training import Fit, keras

TEXT = "".join(np.random.default_rng(0).choice(list("abcdef\n好"), 400))
ALPHABET = Alphabet.fit(TEXT)


def _random_model(kind="GRU", **options):
    """Return a model whose weights are all random, biases too."""
    model = CharModel(ALPHABET, kind, 6, embedding=4, **options)
    rng = np.random.default_rng(1)
    for weight in model.network(1).trainable_variables:
        weight.assign(rng.normal(size=weight.shape))
    return model


def _logits_in_one_go(model, text):
    network = model.network(1)
    reset_state(network)
    return network.predict_on_batch(model.inputs(ALPHABET.encode(text))[None])[0]


# --- the network ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_goes_on_from_batch_to_batch(kind):
    model = _random_model(kind, layers=2, buckets=50)
    whole, network = _logits_in_one_go(model, TEXT[:8]), model.network(1)
    x = model.inputs(ALPHABET.encode(TEXT[:8]))[None]
    reset_state(network)
    parts = [network.predict_on_batch(x[:, part])[0] for part in (slice(0, 4), slice(4, 8))]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)
    reset_state(network)
    assert np.abs(network.predict_on_batch(x[:, 4:])[0] - whole[4:]).max() > 1e-3


def test_a_start_from_counts_says_what_counting_says():
    text = "aaaaaaabbbc" * 40
    model = CharModel(Alphabet.fit(text), units=6, embedding=4)
    untrained = evaluate(model, text).nats
    model.start_from_counts(text)
    shares = np.array([7, 3, 1]) / 11
    assert untrained > 1.3 * evaluate(model, text).nats
    assert evaluate(model, text).nats == pytest.approx(-(shares * np.log(shares)).sum(), abs=0.1)


def test_only_pairs_tell_the_first_layer_what_stood_before():
    for buckets in (0, 200):
        layer = _random_model(buckets=buckets).network(1).layers[1]
        a, b = np.asarray(layer(np.array([[3, 1], [3, 2]])))
        assert np.allclose(a, b) == (buckets == 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_formula_counts_the_recurrent_layers(kind):
    units = units_for_parameters(kind, 3_000, layers=2, embedding=5)
    network = CharModel(ALPHABET, kind, units, 2, embedding=5).network(1)
    counted = [sum(np.prod(w.shape) for w in layer.trainable_variables)
               for layer in network.layers if isinstance(layer, keras.layers.RNN)]
    assert sum(counted) == layer_parameters(kind, units, 2, 5)
    assert abs(sum(counted) - 3_000) < 300


def test_a_model_is_the_same_after_saving(tmp_path):
    model = _random_model("LSTM", layers=2, buckets=30)
    model.save(tmp_path / "model")
    again = CharModel.load(tmp_path / "model")
    assert again.alphabet.signs == ALPHABET.signs and again.options == model.options
    np.testing.assert_allclose(_logits_in_one_go(again, TEXT[:20]),
                               _logits_in_one_go(model, TEXT[:20]), atol=1e-6)


# --- training and judging ------------------------------------------------------------------


def test_the_loss_is_that_of_each_character_given_all_before():
    model = _random_model(layers=2)
    logs = log_softmax(_logits_in_one_go(model, TEXT[:60]))
    said = logs[np.arange(59), ALPHABET.encode(TEXT)[1:60]]
    for steps in (7, 100):
        found = evaluate(model, TEXT[:60], streams=1, steps=steps)
        assert found.nats == pytest.approx(-said.mean(), rel=1e-5)
        assert found.bits == pytest.approx(found.nats / np.log(2)) and found.characters == 59


def test_side_by_side_each_character_is_judged_once():
    model = _random_model()
    alone = evaluate(model, TEXT, streams=1).nats
    for streams in (2, 3, 7):
        long, none = (abs(evaluate(model, TEXT, streams, warm, 16).nats - alone)
                      for warm in (60, 0))
        assert long < none, streams
    for weight in model.network(1).trainable_variables[:-1]:
        weight.assign(0 * weight)                   # what is left says the same at all places
    alone = evaluate(model, TEXT, streams=1).nats
    for streams in (2, 3, 7):
        found = evaluate(model, TEXT, streams, warm=30, steps=16).nats
        assert found == pytest.approx(alone, 1e-6), streams


def test_training_learns_a_rhyme_and_repeats_with_the_seed():
    rhyme = "fade\nbead\n" * 200
    losses = []
    for seed in (3, 3, 4):
        model = CharModel(Alphabet.fit(rhyme), units=16, embedding=8, seed=seed)
        writer = CharWriter(model, compiled=False)
        reads_too = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda *_, writer=writer: writer.write("f", np.random.default_rng(0), 3))
        how = Fit(epochs=2, batch_size=4, rate=0.03, warmup=0.05, seed=seed,
                  callbacks=(reads_too,))
        history = train(model, rhyme, 4_000, rhyme[:200], how, steps=20).history
        losses.append(np.array(history["val_loss"]))
        assert evaluate(model, rhyme[:200]).nats == pytest.approx(losses[-1][-1], rel=1e-5)
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)
    assert losses[0][1] < min(0.3, losses[0][0]) and np.abs(losses[2] - losses[0]).max() > 1e-4
    assert history["characters"] == [2_000, 4_000] and np.diff(history["cpu_seconds"]).min() > 0


@pytest.mark.parametrize("contiguous", [True, False])
def test_batches_hold_the_next_characters_and_say_when_to_begin_anew(contiguous):
    tokens = ALPHABET.encode(TEXT)
    batches = Streams(tokens, 4, 3, 20, contiguous, np.random.default_rng(0))
    seen = []
    assert batches.fresh(3) == (not contiguous)         # asked before the batch is loaded
    for _ in range(2):                                          # two epochs of four batches
        seen += [(*batches[k], batches.fresh(k)) for k in range(len(batches))]
        batches.go_on()
    for x, y, _ in seen:
        for row, after in zip(x[:, :, 0], y, strict=True):
            assert ALPHABET.decode(np.append(row, after[-1])) in TEXT
            np.testing.assert_array_equal(row[1:], after[:-1])
    assert [new for _, _, new in seen] == ([k % 6 == 0 for k in range(8)] if contiguous
                                           else [True] * 8)
    for (_, y, _), (x, _, fresh) in pairwise(seen):
        if not fresh:
            np.testing.assert_array_equal(x[:, 0, 0], y[:, -1])


def test_the_state_begins_anew_where_the_batches_say_so():
    model, found = CharModel(ALPHABET, units=4, embedding=4), []
    network = model.network(3)
    states = next(layer for layer in network.layers if isinstance(layer, keras.layers.RNN)).states

    class Watch(keras.callbacks.Callback):                      # called after the one that resets
        def on_train_batch_begin(self, batch, logs=None):
            found.append(not any(np.asarray(state).any() for state in states))

    how = Fit(epochs=2, batch_size=3, callbacks=(Watch(),))
    train(model, TEXT, 3 * 20 * 8, how=how, steps=20)
    assert found == [k % 6 == 0 for k in range(8)]


def test_training_ends_when_its_time_is_up():
    model = CharModel(ALPHABET, units=4, embedding=4)
    how = Fit(epochs=1, batch_size=2, seconds=0.3)
    history = train(model, TEXT, 10**9, how=how, steps=10).history
    assert history["seconds"][-1] > 0.2 and history["characters"][-1] < 10**8


# --- writing -------------------------------------------------------------------------------


def _numpy_step(model, samples):
    network = model.network(samples)
    reset_state(network)
    before = np.zeros(samples, "int32")

    def step(tokens, states):
        nonlocal before
        x = np.stack([tokens, before], axis=-1)[:, None].astype("int32")
        before = tokens
        return network.predict_on_batch(x)[:, 0], states

    return step


DRAWS = [Draw(), Draw(0), Draw(0.6), Draw(top_k=3), Draw(top_p=0.6), Draw(1.4, 5, 0.9),
         Draw(repetition=2.0, window=4)]


def test_the_compiled_loop_writes_what_numpy_writes():
    for kind in KINDS:
        model = _random_model(kind, layers=2 if kind == "LSTM" else 1, buckets=50)
        writer, start = CharWriter(model, compiled=kind == "GRU"), "abc好"
        for draw in DRAWS if kind == "GRU" else DRAWS[:1]:
            ours = write(_numpy_step(model, 3), ALPHABET.encode(start), np.random.default_rng(5),
                         n_tokens=40, samples=3, draw=draw)
            theirs = writer.write(start, np.random.default_rng(5), 40, samples=3, draw=draw)
            assert [ALPHABET.decode(one.tokens) for one in ours] == [
                one.text for one in theirs], (kind, draw)


def test_the_loop_stops_at_the_sign_uses_new_weights_and_keeps_the_start():
    model = _random_model()
    writer = CharWriter(model, compiled=False)
    for one in writer.write("ab\nX", np.random.default_rng(0), 100, samples=5, stop="\n"):
        text = one.text
        assert text.startswith("ab\nX")             # X is unknown to the model
        assert (text.find("\n", 4) == len(text) - 1) == (one.reason == "stop")
        assert one.reason == "stop" or len(text) == 104
    bias = model.network(1).trainable_variables[-1]
    bias.assign(100.0 * (np.arange(len(ALPHABET)) == ALPHABET.encode("d")[0]))
    assert writer.write("a", np.random.default_rng(0), 5)[0] == (list("addddd"), "length")


@pytest.mark.parametrize("options, message", [
    ({"start": ""}, "start.*one character"),
    ({"draw": Draw(-1)}, "temperature.*got -1"),
    ({"draw": Draw(top_k=10)}, "9 tokens.*got 10"),
    ({"draw": Draw(top_p=0)}, "at most 1.*got 0"), ({"stop": "z"}, "alphabet.*got 'z'"),
    ({"samples": 0}, "got 5 and 0"),
])
def test_bad_options_for_writing_are_named(options, message):
    writer, given = CharWriter(_random_model()), {"start": "a", "n_characters": 5} | options
    with pytest.raises(ValueError, match=message):
        writer.write(rng=np.random.default_rng(0), **given)


def test_bad_input_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"GRU.*got 'RNN'"):
        CharModel(ALPHABET, "RNN")
    with pytest.raises(ValueError, match="got 0 and 256"):
        CharModel(ALPHABET, layers=0)
    with pytest.raises(ValueError, match=f"{tmp_path.name}.*model"):
        CharModel.load(tmp_path)
    model = CharModel(ALPHABET, units=2, embedding=2)
    with pytest.raises(ValueError, match=r"4097 characters.*got 400"):
        train(model, TEXT, 1_000)
    with pytest.raises(ValueError, match=r"2 characters.*got 1"):
        evaluate(model, "a")
