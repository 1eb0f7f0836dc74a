"""A small encoder for scenes: it has learnt to name single things, and is then shown whole scenes.

Show and Tell takes an encoder that was trained on a million photographs, each of one thing. Here
the photographs are cut out of the training scenes, one around each thing.
"""

import numpy as np

from ..training import keras, set_seed
from .things import COLOURS, SHAPES, SIZES, TEXTURES

__all__ = ["ATTRIBUTES", "cut_out", "feature_maps", "naming_network",
           "patches_around", "what_and_where"]

ATTRIBUTES = {"colour": COLOURS, "shape": SHAPES, "size": SIZES, "texture": TEXTURES}
_HALF, _SHIFT = 16, 3                           # pixels: half a patch, how far it may move


def cut_out(images, scenes, seed=0):
    """Return one small image around each thing, and what the thing is.

    Args:
        images: (scenes, 64, 64, 3) uint8.
        scenes: one `Scene` per image.
        seed: of the shift, at most 3 pixels to each side.

    Returns:
        patches: (things, 32, 32, 3) uint8; labels: {attribute: (things,) places in its values}.

    Raises:
        ValueError: if there is not one scene per image.
    """
    if len(images) != len(scenes) or not len(scenes):
        raise ValueError(f"Each image needs its scene, got {len(images)} images and "
                         f"{len(scenes)} scenes.")
    rng = np.random.default_rng(seed)
    patches, labels = [], {name: [] for name in ATTRIBUTES}
    for image, scene in zip(images, scenes, strict=True):
        patches += patches_around(image, [
            (round(thing.x) + across, round(thing.y) + down) for thing in scene.things
            for across, down in [rng.integers(-_SHIFT, _SHIFT + 1, 2)]])
        for thing in scene.things:
            for name, values in ATTRIBUTES.items():
                labels[name].append(values.index(getattr(thing, name)))
    return np.stack(patches), {name: np.array(each) for name, each in labels.items()}


def patches_around(image, middles):
    """Return the 32x32 pixels around each (x, y); beyond the image its border is repeated."""
    margin = _HALF + _SHIFT + 1
    wide = np.pad(image, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    corners = [(x + margin - _HALF, y + margin - _HALF) for x, y in middles]
    return [wide[y:y + 2 * _HALF, x:x + 2 * _HALF] for x, y in corners]


def naming_network(filters=(24, 32, 64, 64), seed=0):
    """Return a compiled network that names a thing, and its encoder, which shares its weights.

    The network takes (batch, rows, columns, 3) of 0 to 255 to {attribute: (batch, values)}
    probabilities. The encoder stops before the maximum over places: images of 64x64 pixels
    become maps of (batch, 8, 8, filters[-1]), in which what is seen stays where it is.
    """
    set_seed(seed, deterministic=False)
    layers = keras.layers
    images = keras.Input((None, None, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1)(images)
    for k, n_filters in enumerate(filters):
        x = layers.Conv2D(n_filters, 5 if k == 0 else 3, strides=2 if k < 3 else 1,
                          padding="same", use_bias=False)(x)
        x = layers.Activation("relu")(layers.BatchNormalization(momentum=0.9)(x))
    seen = layers.GlobalMaxPooling2D()(x)
    named = {name: layers.Dense(len(values), activation="softmax", name=name)(seen)
             for name, values in ATTRIBUTES.items()}
    network = keras.Model(images, named)
    network.compile(keras.optimizers.Adam(3e-3),
                    dict.fromkeys(ATTRIBUTES, "sparse_categorical_crossentropy"),
                    metrics={name: ["accuracy"] for name in ATTRIBUTES}, jit_compile=False)
    return network, keras.Model(images, x)


def feature_maps(encoder, images, batch_size=250):
    """Return what an encoder sees in images: (images, 8, 8, features) float32."""
    return np.concatenate([np.asarray(encoder.predict_on_batch(images[i:i + batch_size]))
                           for i in range(0, len(images), batch_size)])


def what_and_where(maps, sharpness=3):
    """Return how strongly each feature is there, and where: three numbers of each.

    The place is the mean of all places, weighted by the feature to the power `sharpness`, from
    -1 (left, top) to 1, times the strength: a feature that is nowhere is at 0.

    Args:
        maps: (images, rows, columns, features), none below 0.
        sharpness: greater than 0; the larger, the nearer to the place of the maximum.

    Returns:
        (images, 3·features): all strengths, then from left to right, then from top to bottom.

    Source: Finn and others, Deep spatial autoencoders for visuomotor learning (2016), section IV,
    with powers in place of exponentials.

    >>> one = np.zeros((1, 3, 3, 1))
    >>> one[0, 2, 0, 0] = 2
    >>> what_and_where(one).round(3).tolist()
    [[2.0, -2.0, 2.0]]
    """
    _, rows, columns, _ = maps.shape
    strength, weights = maps.max(axis=(1, 2)), maps**sharpness
    weights = weights / (weights.sum(axis=(1, 2), keepdims=True) + 1e-9)
    across = np.einsum("nrcf,c->nf", weights, np.linspace(-1, 1, columns))
    down = np.einsum("nrcf,r->nf", weights, np.linspace(-1, 1, rows))
    return np.concatenate([strength, strength * across, strength * down], axis=1)
