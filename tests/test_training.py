"""Training repeats itself, shows one line, and goes on after a break."""

import time

import keras
import numpy as np
import pytest

from utils import training


def make_model(units=4):
    model = keras.Sequential([
        keras.Input((5, 1)), keras.layers.SimpleRNN(units), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def data():
    x = np.random.default_rng(0).normal(size=(64, 5, 1)).astype("float32")
    return x, x.sum(axis=1)


def trained(seed, **options):
    training.set_seed(seed)
    model = make_model()
    model.fit(*data(), epochs=2, verbose=0, **options)
    return model.get_weights()


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    first, again, other = trained(1), trained(1), trained(2)
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.allclose(first[0], other[0])


def test_progress_is_one_line(capsys):
    trained(0, callbacks=[training.Progress("rnn")])
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.endswith("\n")
    last = out.rstrip("\n").split("\r")[-1]
    assert last.startswith("rnn: epoch 2/2  loss ")


def test_progress_is_shown_now_and_then_and_at_the_end(capsys):
    callback = training.Progress(every=10)
    callback.set_params({"epochs": 15})
    callback.on_train_begin()
    for epoch in range(15):
        callback.on_epoch_end(epoch, {"loss": 1.0})
    callback.on_train_end()
    assert capsys.readouterr().out.count("\r") == 2
    with pytest.raises(ValueError, match="0"):
        training.Progress(every=0)


def test_batches_are_cut_anew_for_each_epoch_and_may_differ_in_length():
    rng, cuts, lengths = np.random.default_rng(0), [], [3, 3, 5, 2]

    def cut():
        cuts.append([np.array([k]) for k in rng.permutation(4)])
        return cuts[-1]

    def load(rows):
        return np.ones((1, lengths[rows[0]], 1)), np.array([float(rows[0])])

    model = keras.Sequential([keras.Input((None, 1)), keras.layers.GRU(2), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    batches = training.Batches(cut, load)
    assert len(batches) == 4 and len({batches[k][0].shape for k in (0, 1)}) == 2
    assert sorted(float(batches[k][1][0]) for k in range(4)) == [0, 1, 2, 3]
    model.fit(batches, epochs=3, shuffle=False, verbose=0)
    assert len(cuts) >= 4               # Keras may end an epoch more often than it begins one


def test_training_time_counts_what_comes_before_it_in_an_epoch():
    class Busy(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            end = time.process_time() + 0.2
            while time.process_time() < end:
                pass

    spent = []
    for callbacks in ([Busy(), training.TrainingTime()], [training.TrainingTime(), Busy()]):
        x = np.zeros((4, 2))
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        history = model.fit(x, x[:, :1], epochs=3, verbose=0, callbacks=callbacks).history
        assert np.all(np.diff(history["seconds"]) > 0) and len(history["cpu_seconds"]) == 3
        spent.append(history["cpu_seconds"][2] - history["cpu_seconds"][0])
    assert spent[0] >= 0.4 > spent[1]


@pytest.mark.parametrize("monitor, mode", [("val_loss", "min"), ("val_accuracy", "max"),
                                           ("val_cider", "max")])
def test_early_stopping_knows_whether_more_is_better(monitor, mode):
    stop = training.Fit(monitor=monitor, patience=3).early_stopping()
    assert (stop.mode, stop.patience, stop.restore_best_weights) == (mode, 3, True)


def test_backend_gradients_are_those_of_a_case_worked_by_hand():
    dense = keras.layers.Dense(2, kernel_initializer="ones")
    dense.build((None, 3))
    x = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0]])
    loss, (d_x,), (d_kernel, d_bias) = training.backend_gradients(
        lambda x: keras.ops.sum(dense(x)), [x], dense.weights)
    assert loss == 18.0                                     # 2 units x the sum of x
    np.testing.assert_allclose(d_x, np.full((2, 3), 2.0))   # each entry feeds two units
    np.testing.assert_allclose(d_kernel, [[1, 1], [1, 1], [7, 7]])
    np.testing.assert_allclose(d_bias, [2, 2])
