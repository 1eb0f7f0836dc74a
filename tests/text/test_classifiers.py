"""Text classifiers leave padding out, read every text once an epoch, and repeat."""

import numpy as np
import pytest

from utils.text import Vocabulary
from utils.text.classifiers import KINDS, POOLINGS, build_model, predict, train
from utils.text.layers import MaskedConv1D, PairEmbedding, Pooling, frequent_pairs
from utils.training import Fit, keras

SIZE = 12
CASES = [(kind, pooling) for kind in KINDS for pooling in ("last", "max+mean")
         if (kind, pooling) != ("TextCNN", "last")]


def _rows(n=20, seed=0, shortest=1):
    rng = np.random.default_rng(seed)
    return [rng.integers(1, SIZE, rng.integers(shortest, 9)).astype("int32") for _ in range(n)]


def _random_model(kind, pooling, **options):
    """Return a model whose weights are all random, biases too."""
    model = build_model(kind, SIZE, 3, pooling, embedding=4, **options)
    rng = np.random.default_rng(1)
    for weight in model.trainable_weights:
        weight.assign(rng.normal(size=weight.shape))
    return model


def _pairs(rows):
    return frequent_pairs(rows, SIZE, 20)


# --- masking and pooling -------------------------------------------------------------------


@pytest.mark.parametrize("kind, pooling", CASES)
def test_padding_is_harmless(kind, pooling):
    model = _random_model(kind, pooling, pairs=_pairs(_rows()), skip=True)
    text = np.array([[3, 7, 2, 9]], "int32")
    short = np.asarray(model(text))
    long = np.asarray(model(np.pad(text, ((0, 0), (0, 5)))))
    np.testing.assert_allclose(long, short, atol=1e-6)


@pytest.mark.parametrize("kind", ["SimpleRNN", "BiGRU", "TextCNN"])
def test_without_the_mask_padding_changes_the_answer(monkeypatch, kind):
    monkeypatch.setattr(keras.layers.Embedding, "compute_mask", lambda self, x, mask=None: None)
    model = _random_model(kind, "mean")
    text = np.array([[3, 7, 2, 9]], "int32")
    padded = np.asarray(model(np.pad(text, ((0, 0), (0, 5)))))
    assert abs(float(padded[0, 0] - np.asarray(model(text))[0, 0])) > 1e-4


@pytest.mark.parametrize("how", POOLINGS[1:])
def test_pooling_sees_the_real_steps_alone(how):
    rng = np.random.default_rng(0)
    x, lengths = rng.normal(size=(4, 6, 3)).astype("float32") - 3, [6, 2, 1, 0]
    mask = np.arange(6) < np.array(lengths)[:, None]
    x[~mask] = 99                                       # greater than any real value
    found = np.asarray(Pooling(how)(x, mask=mask))
    for row, values, n in zip(found, x, lengths, strict=True):
        parts = [getattr(values[:n], name)(axis=0) if n else np.zeros(3)
                 for name in ("max", "mean") if name in how]
        np.testing.assert_allclose(row, np.concatenate(parts), rtol=1e-5)


def test_the_last_state_of_two_directions_has_read_all_tokens():
    model = _random_model("BiGRU", "last")
    base = np.array([[3, 7, 2, 9]], "int32")
    before = np.asarray(model(base))
    for position in range(4):
        changed = base.copy()
        changed[0, position] = 5
        assert abs(float(np.asarray(model(changed))[0, 0] - before[0, 0])) > 1e-6


@pytest.mark.parametrize("kind, pooling", [("GRU", "last"), ("TextCNN", "max"), ("BiGRU", "mean")])
def test_a_text_without_tokens_gets_a_probability(kind, pooling):
    chance = predict(_random_model(kind, pooling), [np.zeros(0, "int32")])
    assert chance.shape == (1,) and 0 <= chance[0] <= 1


def test_a_masked_convolution_is_that_of_the_text_alone():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(1, 5, 2)).astype("float32")
    layer, plain = MaskedConv1D(3, 3, padding="same"), keras.layers.Conv1D(3, 3, padding="same")
    layer.build(x.shape)
    plain.build(x.shape)
    plain.set_weights([rng.normal(size=w.shape) for w in plain.weights])
    layer.set_weights(plain.get_weights())
    mask = np.array([[True, True, True, False, False]])
    np.testing.assert_allclose(layer(x, mask=mask)[:, :3], plain(x[:, :3]), atol=1e-6)


# --- pairs ---------------------------------------------------------------------------------


def test_pairs_are_counted_once_a_text_and_unknown_tokens_make_none():
    rows = [[2, 3, 2, 3, 2, 3], [4, 5], [4, 5], [1, 2], [2, 1]]
    assert frequent_pairs(rows, 10, 1).tolist() == [45]                 # 4 then 5: two texts
    assert frequent_pairs(rows, 10, 9).tolist() == [23, 32, 45]
    assert frequent_pairs(rows, 10, 9, min_texts=2).tolist() == [45]


def test_a_pair_adds_its_vector_where_its_second_token_stands():
    layer = PairEmbedding(SIZE, 4, 2)
    layer.build((None, None))
    rng = np.random.default_rng(0)
    tokens, pairs = rng.normal(size=(SIZE, 4)), rng.normal(size=(3, 4))
    layer.set_weights([tokens, pairs, np.array([2 * SIZE + 3, 5 * SIZE + 4])])
    found = np.asarray(layer(np.array([[2, 3, 5, 4, 11, 11]])))[0]
    expected = tokens[[2, 3, 5, 4, 11, 11]]
    expected[1] += pairs[0]
    expected[3] += pairs[1]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_model_with_pairs_is_the_same_after_saving(tmp_path):
    rows = _rows()
    model = _random_model("GRU", "max+mean", pairs=_pairs(rows))
    model.save(tmp_path / "model.keras")
    objects = {"PairEmbedding": PairEmbedding, "Pooling": Pooling}
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects=objects)
    np.testing.assert_allclose(predict(again, rows), predict(model, rows), atol=1e-6)


# --- training and prediction ---------------------------------------------------------------


def test_every_text_is_learnt_from_once_an_epoch(monkeypatch):
    rows, labels, cut = _rows(13), np.arange(13) % 2, []
    model = build_model("TextCNN", SIZE, 2, "max", embedding=2)
    monkeypatch.setattr(model, "fit", lambda batches, **_: cut.append(batches))
    train(model, rows, labels, (rows, labels), Fit(epochs=1, batch_size=4))
    (batches,) = cut
    for _ in range(2):
        seen = [(tuple(x[x > 0].tolist()), int(y)) for k in range(len(batches))
                for x, y in zip(*batches[k], strict=True)]
        assert len(batches) == 4 and sorted(seen) == sorted(
            (tuple(row.tolist()), int(label)) for row, label in zip(rows, labels, strict=True))
        batches.on_epoch_end()


def test_predictions_come_in_the_order_of_the_texts():
    rows, model = _rows(), _random_model("BiLSTM", "max")
    alone = [float(np.asarray(model(Vocabulary.pad([row])))[0, 0]) for row in rows]
    np.testing.assert_allclose(predict(model, rows, batch_size=3), alone, atol=1e-6)


def _trained(seed, kind="TextCNN", **options):
    rows = _rows(64, shortest=3)
    labels = np.array([int(5 in row) for row in rows])
    model = build_model(kind, SIZE, 8, "max", embedding=8, dropout=0.2, seed=seed)
    how = Fit(seed=seed, batch_size=8, **options)
    history = train(model, rows, labels, (rows, labels), how).history
    return history, predict(model, rows), labels


def test_training_finds_a_word_and_repeats_with_the_seed():
    options = {"epochs": 5, "rate": 0.02}
    history, chance, labels = _trained(3, **options)
    assert ((chance > 0.5) == labels).mean() > 0.95
    np.testing.assert_allclose(_trained(3, **options)[1], chance, atol=1e-4)
    assert np.abs(_trained(4, **options)[1] - chance).max() > 1e-3
    assert (np.diff(history["cpu_seconds"]) > 0).all()


def test_the_history_holds_the_mean_over_all_texts():
    rows, labels = _rows(13), np.arange(13) % 2
    model = build_model("TextCNN", SIZE, 4, "max", embedding=4)
    chance = predict(model, rows)
    how = Fit(epochs=1, batch_size=5, rate=1e-12)
    history = train(model, rows, labels, (rows, labels), how).history
    right = np.where(labels == 1, chance, 1 - chance)
    np.testing.assert_allclose(history["loss"], -np.log(right).mean(), rtol=1e-5)
    np.testing.assert_allclose(history["val_loss"], -np.log(right).mean(), rtol=1e-5)
    np.testing.assert_allclose(history["accuracy"], ((chance > 0.5) == labels).mean(), rtol=1e-6)


@pytest.mark.parametrize("monitor, best", [("val_loss", 1), ("val_accuracy", 2)])
def test_training_stops_early_and_keeps_the_best_epoch(monkeypatch, monitor, best):
    rows, labels, states = _rows(8), np.arange(8) % 2, []
    judged = iter([(0.7, 0.5), (0.5, 0.6), (0.6, 0.9), (0.65, 0.8), (0.66, 0.7), (0.1, 1.0)])
    model = build_model("SimpleRNN", SIZE, 2, embedding=2)

    def evaluate(**_):
        states.append(model.get_weights())
        return dict(zip(("loss", "accuracy"), next(judged), strict=True))

    monkeypatch.setattr(model, "evaluate", evaluate)
    history = train(model, rows, labels, (rows, labels),
                    Fit(epochs=6, patience=2, monitor=monitor)).history
    assert history["val_loss"] == [0.7, 0.5, 0.6, 0.65, 0.66][:best + 3]
    for weight, kept in zip(model.get_weights(), states[best], strict=True):
        np.testing.assert_array_equal(weight, kept)


@pytest.mark.parametrize("labels, said", [
    ([1, 2, 2, 1], r"got \[1, 2\]"), ([-1, 1, 1, -1], r"got \[-1, 1\]"),
    ([1, 0, float("nan"), 1], r"got \[0\.0, 1\.0, nan\]"), (["1", "0", "0", "1"], r"'0', '1'"),
    (["pos", "neg"] * 2, "write 0 for one class and 1 for the other, as numbers"),
    ([0.3, 0.9, 0.0, 1.0], r"0\.3"), ([0, 1, None, 1], "None"),
    ([[1], [0], [0], [1]], r"\(4, 1\)")])
def test_labels_that_the_loss_cannot_mean_are_named(labels, said):
    model, rows = build_model("TextCNN", SIZE, 2, "max", embedding=2), _rows(4)
    before = model.get_weights()
    for learnt, judged in ((labels, [0, 1, 0, 1]), ([0, 1, 0, 1], labels)):
        with pytest.raises(ValueError, match=said):
            train(model, rows, learnt, (rows, judged))
    with pytest.raises(ValueError, match=r"both of them in training, got \[1\]"):
        train(model, rows, np.ones(4, int), (rows, [0, 1, 0, 1]))
    for weight, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)


@pytest.mark.parametrize("kind", [int, bool, float, "uint8", object])
def test_zeros_and_ones_of_any_dtype_are_learnt_as_such(monkeypatch, kind):
    rows, numbers, given = _rows(6), np.array([0, 1, 1, 0, 1, 0]), {}
    model = build_model("TextCNN", SIZE, 2, "max", embedding=2)
    monkeypatch.setattr(model, "fit", lambda batches, **o: given.update(o, batches=batches))
    labels = numbers.astype(kind)
    train(model, rows, labels, (rows, labels), Fit(epochs=1, batch_size=6))
    for batches in (given["batches"], given["validation_data"]):
        x, y = batches[0]
        assert dict(zip(map(tuple, x), y, strict=True)) == dict(
            zip(map(tuple, Vocabulary.pad(rows)), numbers, strict=True))


@pytest.mark.parametrize("rows", [[], [[2, 3], [4, 5]], [[], []]])
def test_no_pair_at_all_is_named_before_a_model_is_built(rows):
    pairs = frequent_pairs(rows, SIZE, 10, min_texts=99)
    assert pairs.tolist() == [] and pairs.dtype == "int32"
    with pytest.raises(ValueError, match=r"n_pairs must be at least 1, got 0: ask .*min_texts"):
        build_model("GRU", SIZE, pairs=pairs)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"SimpleRNN.*TextCNN, got 'RNN'"):
        build_model("RNN", SIZE)
    with pytest.raises(ValueError, match=r"last, max.*got 'sum'"):
        build_model("GRU", SIZE, pooling="sum")
    with pytest.raises(ValueError, match="TextCNN has no last state"):
        build_model("TextCNN", SIZE)
    with pytest.raises(ValueError, match="at most 46340 with pairs, got 50000"):
        frequent_pairs([[2, 3]], 50_000, 9)
    model = build_model("GRU", SIZE, 2)
    with pytest.raises(ValueError, match=r"got 2 texts and labels of shape \(3,\)"):
        train(model, _rows(2), [0, 1, 1], (_rows(2), [0, 1]))
    with pytest.raises(ValueError, match="val_loss or val_accuracy, got 'loss'"):
        train(model, _rows(2), [0, 1], (_rows(2), [0, 1]), Fit(monitor="loss"))
    with pytest.raises(ValueError, match="got 0 texts"):
        train(model, _rows(2), [0, 1], ([], []))
