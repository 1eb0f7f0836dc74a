"""What a network trained on ImageNet sees in images: computed once, kept, and gone on with."""

import hashlib
import json
import os
import time
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from ..data.cache import cache_folder
from ..data.errors import DataError
from ..data.fetching.locks import exclusive
from ..data.fetching.store import find_file, need_file
from ..training import keras

__all__ = ["FEATURE_NETWORKS", "feature_network", "image_features", "pooled_features"]

# name: (file of the registry, layer whose output is kept)
FEATURE_NETWORKS = {
    "mobilenet": ("mobilenet_1_0_224_tf_no_top.h5", "conv_pw_12_relu"),
    "mobilenet_v2_035": (
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5", "out_relu")}
_FORMAT = "image features 1"


def feature_network(name="mobilenet", side=224, weights=None):
    """Return a network from images to a feature map, with weights trained on ImageNet.

    Args:
        name: "mobilenet" (v1 1.0, cut after conv_pw_12_relu: 7x7x1024 of 224 pixels) or
            "mobilenet_v2_035" (v2 0.35: 7x7x1280).
        side: pixels of an image's side, 32 or more.
        weights: path of the weight file; None to look in COURSE_DATA, then in Keras' cache
            folder, and in full mode to download it.

    Returns:
        A keras.Model from (batch, side, side, 3) of values 0 to 255 to (batch, rows, columns,
        channels) float32, with attribute `weights_sha256`.

    Raises:
        ValueError: for another name or side.
        DataError: if the weights are not there or do not fit.
    """
    if name not in FEATURE_NETWORKS:
        raise ValueError(f"name must be one of {', '.join(FEATURE_NETWORKS)}, got {name!r}.")
    if side < 32:
        raise ValueError(f"side must be at least 32 pixels, got {side}.")
    path = Path(weights) if weights is not None else _weights_file(FEATURE_NETWORKS[name][0])
    options = {"input_shape": (side, side, 3), "include_top": False, "weights": None}
    if name == "mobilenet":
        whole = keras.applications.MobileNet(alpha=1.0, **options)
    else:
        whole = keras.applications.MobileNetV2(alpha=0.35, **options)
    cut = keras.Model(whole.input, whole.get_layer(FEATURE_NETWORKS[name][1]).output)
    try:
        (cut if path.name.endswith(".weights.h5") else whole).load_weights(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path} does not hold the weights of {name!r} ({type(error).__name__}): "
                        "delete it and run `python -m utils data fetch keras_weights`.") from None
    scaled = keras.Sequential([keras.Input((side, side, 3)),
                               keras.layers.Rescaling(1 / 127.5, offset=-1), cut], name=name)
    scaled.trainable, scaled.weights_sha256 = False, digest
    return scaled


def _weights_file(file_name):
    """Return the path of a weight file of the registry, or of Keras' own copy of it."""
    path = find_file("keras_weights", file_name)
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    kept = Path(home, "models", file_name)
    return path or (kept if kept.is_file() else need_file("keras_weights", file_name))


def image_features(read, names, network, title, batch_size=32, folder=None, progress=True):
    """Return the network's feature map of each image, from the cache where it is there.

    What was computed before an interruption is kept, and the next call goes on from there.

    Args:
        read: function (name, side) to an image (side, side, 3) uint8, as `ImageArchive.read`.
        names: of the images, all different.
        network: what `feature_network` returned.
        title: of the cached file, such as "flickr8k".
        batch_size: images at a time.
        folder: where to keep it; None for the user's cache folder.
        progress: True for a progress bar.

    Returns:
        A read-only np.memmap (images, rows, columns, channels) float16, in order of `names`.

    Raises:
        ValueError: if there are no names or some are repeated.
        DataError: if the file there is of other weights, another layer or size of image, or
            other images.
    """
    names = list(names)
    if not names or len(set(names)) != len(names):
        raise ValueError(f"names must be different and at least one, got {len(names)} of which "
                         f"{len(set(names))} differ.")
    folder = Path(folder) if folder else cache_folder("features")
    folder.mkdir(parents=True, exist_ok=True)
    side = network.input_shape[1]
    base = folder / f"{title}-{network.name}-{side}"
    card = {"format": _FORMAT, "weights_sha256": network.weights_sha256,
            "layer": FEATURE_NETWORKS[network.name][1], "side": side,
            "names_sha256": hashlib.sha256("\n".join(names).encode()).hexdigest(),
            "shape": [len(names), *network.output_shape[1:]]}
    path, about, done_path = (base.with_name(base.name + end)
                              for end in (".npy", ".json", ".done.npy"))
    with exclusive(path):
        kept = _open_cache(path, about, done_path, card)
        done = np.load(done_path)
        if not done.all():
            _fill(kept, done, done_path, read, names, network, side, batch_size, progress)
    return np.load(path, mmap_mode="r")


def _open_cache(path, about, done_path, card):
    """Return the writable file of features; it is made where none is there."""
    if about.exists():
        try:
            found = json.loads(about.read_text(encoding="utf-8"))
            differing = [key for key in card if found.get(key) != card[key]]
        except (ValueError, AttributeError):
            differing = ["format"]
        if differing:
            what = {"weights_sha256": "other weights", "layer": "another layer",
                    "side": "another size of image"}.get(differing[0], "other images")
            raise DataError(f"{path} holds features of {what}: delete {path.name} and "
                            f"{about.name}, or give another title or folder.")
        if path.exists() and done_path.exists():
            try:
                return np.lib.format.open_memmap(path, mode="r+")
            except (ValueError, OSError):
                pass                            # broken: begin anew
    kept = np.lib.format.open_memmap(path, "w+", "float16", tuple(card["shape"]))
    np.save(done_path, np.zeros(len(kept), bool))
    about.write_text(json.dumps(card, indent=1), encoding="utf-8")
    return kept


def _fill(kept, done, done_path, read, names, network, side, batch_size, progress):
    todo = np.flatnonzero(~done)
    saved = time.monotonic()
    with tqdm(total=len(names), initial=int(done.sum()), unit="image", disable=not progress,
              desc="features") as bar:
        try:
            for first in range(0, len(todo), batch_size):
                rows = todo[first:first + batch_size]
                batch = np.stack([read(names[row], side) for row in rows]).astype("float32")
                if len(batch) < batch_size:     # one shape: compiled once
                    batch = np.pad(batch, [(0, batch_size - len(batch))] + [(0, 0)] * 3)
                kept[rows] = network.predict_on_batch(batch)[:len(rows)]
                done[rows] = True
                bar.update(len(rows))
                if time.monotonic() - saved > 5:
                    _save_done(kept, done, done_path)
                    saved = time.monotonic()
        finally:
            _save_done(kept, done, done_path)


def _save_done(kept, done, path):
    kept.flush()                                # features first: done must never say too much
    fresh = path.with_name(path.name + ".new")
    with open(fresh, "wb") as file:
        np.save(file, done)
    os.replace(fresh, path)


def pooled_features(features):
    """Return mean and maximum over rows and columns: (images, 2·channels) float32.

    Args:
        features: (images, rows, columns, channels), as from `image_features`.
    """
    def pooled(one):
        one = np.asarray(one, "float32")
        return np.concatenate([one.mean((0, 1)), one.max((0, 1))])

    return np.stack([pooled(one) for one in features])
