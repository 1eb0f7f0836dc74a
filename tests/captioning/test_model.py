"""Caption models: one step at a time is what they learnt, padding is harmless, images matter."""

import functools
import inspect
import math

import numpy as np
import pytest

from utils.captioning import (
    ATTENDING,
    KINDS,
    Decoder,
    TokenCrossEntropy,
    build_captioner,
    doubly_stochastic,
    equal_units,
    teacher_forcing,
    train_captioner,
)
from utils.captioning import layers as caption_layers
from utils.captioning import model as captioner
from utils.captioning import training as caption_training
from utils.decoding import Signs
from utils.training import Fit, backend_gradients, keras

SIZE, FEATURES, REGIONS, SIGNS = 15, 5, 7, Signs(2, 3)


@functools.cache
def some_model(kind, **options):
    """Return a small model whose weights are all random, biases too; tests share it."""
    shape = (REGIONS, FEATURES) if kind in ATTENDING else (FEATURES,)
    model = build_captioner(kind, SIZE, shape, 6, 4, 3, **options)
    rng = np.random.default_rng(1)
    for weight in model.trainable_weights:
        weight.assign(rng.normal(scale=0.7, size=weight.shape))
    return model


def some_images(kind, n=3, seed=0):
    shape = (n, REGIONS, FEATURES) if kind in ATTENDING else (n, FEATURES)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def some_tokens(n=6, time=5, seed=0):
    return np.random.default_rng(seed).integers(1, SIZE, (n, time)).astype("int32")


def log_softmax(logits):
    logits = np.asarray(logits, np.float64)
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


# --- the network ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_step_by_step_gives_what_teacher_forcing_gives(kind):
    model, images, tokens = some_model(kind, masked=True), some_images(kind), some_tokens()
    if kind in ATTENDING:
        images[1, 4:] = 0                                   # regions that are padding
    expected = log_softmax(model((images, tokens)))
    looks = model.weights_of(images, tokens)
    memory, states = model.begin(images)
    states = [np.repeat(state, 2, axis=0) for state in states]      # two captions per image
    for t in range(tokens.shape[1]):
        log_p, states, weights = model.step(tokens[:, t], states, memory)
        np.testing.assert_allclose(log_p, expected[:, t], atol=1e-5)
        if kind in ATTENDING:
            np.testing.assert_allclose(weights, looks[:, t], atol=1e-6)
            assert np.abs(np.asarray(weights)[2:4, 4:]).max() == 0
            np.testing.assert_allclose(np.sum(weights, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_image_matters_and_only_its_own_captions(kind):
    model, images, tokens = some_model(kind), some_images(kind), some_tokens()
    before = np.asarray(model((images, tokens)))
    images[1] += 1
    changed = np.abs(np.asarray(model((images, tokens))) - before).max(axis=2)
    assert (changed[2:4] > 1e-4).all() and (changed[[0, 1, 4, 5]] < 1e-6).all()


@pytest.mark.parametrize("kind", KINDS)
def test_later_tokens_and_padding_change_nothing_before(kind):
    model, images, tokens = some_model(kind), some_images(kind, 6), some_tokens()
    before = np.asarray(model((images, tokens)))
    longer = np.pad(tokens, ((0, 0), (0, 3)))
    np.testing.assert_allclose(model((images, longer))[:, :5], before, atol=1e-5)
    tokens[:, 3] = tokens[:, 3] % (SIZE - 1) + 1
    after = np.asarray(model((images, tokens)))
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-5)
    assert np.abs(after[:, 3:] - before[:, 3:]).max() > 1e-3


@pytest.mark.parametrize("kind", ATTENDING)
def test_regions_of_padding_are_harmless_only_with_the_mask(kind):
    images, tokens = some_images(kind), some_tokens(3)
    padded = np.pad(images, ((0, 0), (0, 2), (0, 0)))
    for masked in (True, False):
        model = some_model(kind, masked=masked)
        apart = np.abs(np.asarray(model((padded, tokens))) - model((images, tokens))).max()
        assert (apart < 1e-5) == masked


@pytest.mark.parametrize("kind", ["merge", "topdown"])
def test_a_map_of_features_is_read_as_its_regions(kind):
    rng, tokens = np.random.default_rng(3), some_tokens(2)
    images = rng.normal(size=(2, 2, 3, FEATURES)).astype("float32")
    flat = images.reshape(2, 6, FEATURES)
    model = build_captioner(kind, SIZE, (2, 3, FEATURES), 6, 4, 3)
    np.testing.assert_allclose(model((images, tokens)), model((flat, tokens)), atol=1e-6)
    if kind == "merge":
        np.testing.assert_allclose(model((flat.mean(axis=1), tokens)), model((flat, tokens)),
                                   atol=1e-5)


@pytest.mark.parametrize("kind", ["par", "attend"])
def test_gradients_through_all_steps_are_those_of_the_steps_unrolled(kind):
    model, images, tokens = some_model(kind, dropout=0.0), some_images(kind), some_tokens()
    targets, ops = some_tokens(seed=5), keras.ops

    def taught(images):
        return ops.sum(model.token_losses(images, tokens, targets))

    def unrolled(images):
        memory, states = model.begin(images)
        states = [ops.repeat(state, 2, axis=0) for state in states]
        total = 0.0
        for t in range(tokens.shape[1]):
            log_p, states, _ = model.step(tokens[:, t], states, memory)
            total -= ops.sum(log_p * ops.one_hot(targets[:, t], SIZE))
        return total

    weights = [w for w in model.trainable_weights if w is not model.embed.embeddings]
    (loss, by_image, by_weight), (other, *expected) = (
        backend_gradients(f, [images], weights) for f in (taught, unrolled))
    assert loss == pytest.approx(other, rel=1e-5)
    for ours, theirs in zip([*by_image, *by_weight], [*expected[0], *expected[1]], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("masked", [False, True])
def test_the_regulariser_is_added_in_training_alone(masked):
    model = some_model("attend", dropout=0.0, doubly=0.7, masked=masked)
    images, tokens = some_images("attend"), some_tokens(3)
    tokens[0, 3:] = 0
    images[2, 5:] = 0
    regions = np.any(images != 0, axis=-1) if masked else None
    model((images, tokens), training=True)
    expected = 0.7 * doubly_stochastic(model.weights_of(images, tokens), tokens != 0, regions)
    assert float(sum(model.losses)) == pytest.approx(float(expected), rel=1e-5)
    model((images, tokens))
    assert not model.losses


def test_kinds_can_have_equal_size():
    for kind in ("merge", "topdown"):
        shape = (49, 64) if kind in ATTENDING else (64,)
        options = {"vocabulary_size": 500, "image_shape": shape, "embedding": 32, "attention": 16}
        units = equal_units(kind, 120_000, **options)
        found = build_captioner(kind, units=units, **options).count_params()
        assert abs(found / 120_000 - 1) < 0.02, kind


def test_models_know_nothing_of_one_backend():
    for module in (captioner, caption_layers, caption_training):
        assert "tf." not in inspect.getsource(module).replace("utf.", "")


def test_wrong_models_are_named():
    with pytest.raises(ValueError, match="got 'inject'"):
        build_captioner("inject", SIZE, (FEATURES,))
    with pytest.raises(ValueError, match=r"attend.*regions"):
        build_captioner("attend", SIZE, (FEATURES,))
    with pytest.raises(ValueError, match=r"\b10\b"):
        equal_units("pre", 10, SIZE, (FEATURES,))


# --- loss and training ---------------------------------------------------------------------


def test_the_loss_is_a_mean_over_tokens_by_hand():
    """Two real tokens with P 0.5 and 0.25; a caption of padding adds none."""
    logits = np.log([[[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.9, 0.05, 0.05]]] * 2)
    targets = np.array([[1, 1, 0], [0, 0, 0]])
    logits[0, 0] = np.log([0.25, 0.5, 0.25])
    plain = -(math.log(0.5) + math.log(0.25)) / 2
    assert float(TokenCrossEntropy()(targets, logits)) == pytest.approx(plain, rel=1e-5)


def test_teacher_forcing_shifts_by_one_and_pads():
    tokens, targets = teacher_forcing([[7, 8, 9], None, [5]], SIGNS)
    assert tokens.tolist() == [[2, 7, 8, 9], [0, 0, 0, 0], [2, 5, 0, 0]]
    assert targets.tolist() == [[7, 8, 9, 3], [0, 0, 0, 0], [5, 3, 0, 0]]


@pytest.mark.parametrize("kind, options", [
    ("init", {"monitor": "val_cider", "patience": 99}), ("attend", {})])
def test_eight_images_are_learnt_by_heart(kind, options):
    rng, images = np.random.default_rng(0), some_images(kind, 8)
    captions = [[rng.permutation(np.arange(4, SIZE))[:rng.integers(2, 6)]] for _ in range(8)]
    captions[0] = captions[0] * 2                           # not the same number for all
    encoder = None
    if kind == "attend":                                    # a small one, trained along
        encoder = keras.Sequential([keras.Input((REGIONS, FEATURES)), keras.layers.Dense(6)])
        before = encoder.get_weights()[0]
    model = build_captioner(kind, SIZE, images.shape[1:], 48, 24, 16, dropout=0.0,
                            encoder=encoder)
    how = Fit(epochs=35, batch_size=16, rate=2e-2, clip=5.0, **options)
    history = train_captioner(model, images, captions, (images, captions), SIGNS, how,
                              together=kind == "attend").history
    assert min(history["val_loss"]) < 0.1
    decoder = Decoder(model, SIGNS)
    best = np.argmax(history["val_cider"]) if kind == "init" else np.argmin(history["val_loss"])
    sums, lengths = decoder.losses(images, captions)
    assert sums.sum() / lengths.sum() == pytest.approx(history["val_loss"][best], rel=1e-4)
    greedy, beam = decoder.greedy(images), decoder.beam(images, width=3, n_best=2)
    for one, (best, second), (row, *_) in zip(greedy, beam, captions, strict=True):
        assert one.tokens.tolist() == row.tolist()
        assert best.score >= max(one.score, second.score) - 1e-5
    sums, lengths = decoder.losses(images, [[one.tokens] for one in greedy])
    np.testing.assert_allclose(sums, [-one.log_probability for one in greedy], atol=1e-4)
    assert lengths.tolist() == [len(one.tokens) + 1 for one in greedy]
    if kind == "attend":
        assert np.abs(encoder.get_weights()[0] - before).max() > 0.01
        maps = decoder.attention(images, [one.tokens for one in greedy])
        assert [weights.shape for weights in maps] == [(n, REGIONS) for n in lengths]
        np.testing.assert_allclose([weights.sum(axis=1).mean() for weights in maps], 1, rtol=1e-5)
    else:
        with pytest.raises(ValueError, match="regions"):
            decoder.attention(images, [one.tokens for one in greedy])


def test_weights_survive_saving(tmp_path):
    model, images, tokens = some_model("topdown"), some_images("topdown"), some_tokens()
    model.save_weights(tmp_path / "model.weights.h5")
    other = build_captioner("topdown", SIZE, (REGIONS, FEATURES), 6, 4, 3, seed=9)
    other.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_allclose(other((images, tokens)), model((images, tokens)), atol=1e-6)


@pytest.mark.parametrize("images, captions, options, says", [
    (2, [[[4]]], {}, "2 images.*1 .*1 captions"), (1, [[]], {}, "0 captions"),
    (1, [[[4], []]], {}, "empty"), (1, [[[4]]], {"monitor": "bleu"}, "got 'bleu'"),
])
def test_wrong_training_data_are_named(images, captions, options, says):
    images = some_images("pre", images)
    with pytest.raises(ValueError, match=says):
        train_captioner(None, images, captions, (images, captions), SIGNS, Fit(**options))
