"""Features are computed once, go on after a break, and belong to their weights."""

import json

import numpy as np
import pytest

from utils.captioning import feature_network, image_features, pooled_features
from utils.captioning import photographs as module
from utils.data import DataError
from utils.training import keras


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A MobileNet cut after conv_pw_12, so drawn by lot that features neither vanish nor clip."""
    folder = tmp_path_factory.mktemp("weights")
    keras.utils.set_random_seed(0)
    whole = keras.applications.MobileNet(input_shape=(64, 64, 3), include_top=False, weights=None)
    cut = keras.Model(whole.input, whole.get_layer("conv_pw_12_relu").output)
    rng = np.random.default_rng(0)
    for weight in cut.trainable_weights:
        if weight.ndim == 4:                    # kernels: (rows, columns, channels, …)
            one_channel = "conv_dw" in weight.path
            fan_in = np.prod(weight.shape[:2]) * (1 if one_channel else weight.shape[2])
            weight.assign(rng.normal(0, np.sqrt(2.4 / fan_in), weight.shape))
    cut.save_weights(folder / "cut.weights.h5")
    return cut, folder / "cut.weights.h5"


@pytest.fixture(scope="module")
def network(weights):
    return feature_network("mobilenet", 64, weights[1])


def read(name, side):
    return np.random.default_rng(int(name)).integers(0, 256, (side, side, 3), "uint8")


NAMES = [str(k) for k in range(7)]


def test_features_are_those_of_the_network_itself(network, weights, tmp_path):
    kept = image_features(read, NAMES, network, "t", 4, tmp_path, progress=False)
    images = np.stack([read(name, 64) for name in NAMES]).astype("float32")
    expected = weights[0](keras.applications.mobilenet.preprocess_input(images.copy()))
    assert np.std(expected, axis=0).mean() > 0.05           # images differ in their features
    assert kept.shape == (7, 2, 2, 1024) and kept.dtype == np.float16
    np.testing.assert_allclose(kept, expected, rtol=2e-3, atol=2e-3)
    means, largest = np.mean(expected, axis=(1, 2)), np.max(expected, axis=(1, 2))
    np.testing.assert_allclose(pooled_features(kept), np.hstack([means, largest]), rtol=2e-3,
                               atol=2e-3)


def test_an_interrupted_run_goes_on_where_it_stopped(network, tmp_path):
    asked = []

    def failing(name, side):
        if len(asked) == 5:
            raise KeyboardInterrupt
        asked.append(name)
        return read(name, side)

    with pytest.raises(KeyboardInterrupt):
        image_features(failing, NAMES, network, "t", 2, tmp_path, progress=False)
    asked_again = []

    def going_on(name, side):
        asked_again.append(name)
        return read(name, side)

    kept = image_features(going_on, NAMES, network, "t", 2, tmp_path, progress=False)
    assert asked_again == NAMES[4:]
    whole = image_features(read, NAMES, network, "u", 2, tmp_path, progress=False)
    assert np.array_equal(kept, whole) and (np.abs(kept).max(axis=(1, 2, 3)) > 0).all()
    image_features(lambda *_: pytest.fail("computed twice"), NAMES, network, "t", 2, tmp_path)


def test_features_of_other_weights_or_images_are_refused(network, tmp_path):
    image_features(read, NAMES[:2], network, "t", 2, tmp_path, progress=False)
    with pytest.raises(DataError, match=r"features of other images: delete t-mobilenet-64\.npy"):
        image_features(read, NAMES[1:3], network, "t", 2, tmp_path)
    about = tmp_path / "t-mobilenet-64.json"
    for key, told in (("weights_sha256", "other weights"), ("layer", "another layer")):
        good = about.read_text()
        about.write_text(json.dumps({**json.loads(good), key: "x"}))
        with pytest.raises(DataError, match=f"holds features of {told}: delete"):
            image_features(read, NAMES[:2], network, "t", 2, tmp_path)
        about.write_text(good)
    about.write_text("{")
    with pytest.raises(DataError, match="delete"):
        image_features(read, NAMES[:2], network, "t", 2, tmp_path)


def test_a_broken_feature_file_is_made_anew(network, tmp_path):
    first = np.array(image_features(read, NAMES[:2], network, "t", 2, tmp_path, progress=False))
    (tmp_path / "t-mobilenet-64.npy").write_bytes(b"broken")
    again = image_features(read, NAMES[:2], network, "t", 2, tmp_path, progress=False)
    assert np.array_equal(first, again)


def test_weights_are_found_in_keras_own_folder(monkeypatch, tmp_path, weights):
    name = module.FEATURE_NETWORKS["mobilenet"][0]
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "none"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataError, match="fetch keras_weights"):
        module._weights_file(name)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / name).write_bytes(b"x")
    assert module._weights_file(name) == tmp_path / "models" / name
    with pytest.raises(DataError, match="does not hold the weights of 'mobilenet'"):
        feature_network("mobilenet", 64)


@pytest.mark.parametrize(("call", "told"), [
    (lambda n: feature_network("vgg"), "got 'vgg'"),
    (lambda n: feature_network(side=8), "got 8"),
    (lambda n: image_features(read, ["1", "1"], n, "t"), "2 of which 1 differ"),
    (lambda n: image_features(read, [], n, "t"), "got 0")])
def test_bad_arguments_are_named(network, call, told):
    with pytest.raises(ValueError, match=told):
        call(network)
