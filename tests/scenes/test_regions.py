"""Regions of scenes: a box's patch shows its thing, and what is no region stays zero."""

import numpy as np
import pytest

from utils.scenes import (
    box_numbers,
    box_patches,
    boxes_of,
    draw,
    naming_network,
    placed,
    region_features,
    sample_scene,
    visible_masks,
)


def some_scenes(count=6):
    scenes = [sample_scene(k) for k in range(count)]
    boxes = np.zeros((count, 3, 4), int)
    for row, scene in zip(boxes, scenes, strict=True):
        found = boxes_of(visible_masks(scene))
        row[:len(found)] = found
    return scenes, boxes


def test_a_patch_shows_the_pixels_around_the_middle_of_its_box():
    images = np.random.default_rng(0).integers(0, 255, (1, 64, 64, 3), dtype="uint8")

    patches, real = box_patches(images, [[[20, 30, 40, 50], [0, 0, 10, 10], [0, 0, 0, 0]]])

    assert real.tolist() == [[True, True, False]]
    np.testing.assert_array_equal(patches[0], images[0, 24:56, 14:46])
    np.testing.assert_array_equal(patches[1][11:, 11:], images[0, :21, :21])
    assert (patches[1][:12, :12] == images[0, 0, 0]).all()      # the border goes on outside


def test_patches_and_real_boxes_are_as_many_as_things():
    scenes, boxes = some_scenes()
    patches, real = box_patches(np.stack([draw(scene) for scene in scenes]), boxes)
    assert real.sum(axis=1).tolist() == [len(scene.things) for scene in scenes]
    assert patches.shape == (real.sum(), 32, 32, 3)


def test_box_numbers_give_the_middle_and_the_size_of_a_thing():
    numbers = box_numbers([[[16, 0, 48, 64]]])
    np.testing.assert_allclose(numbers, [[[0, 0, 0.5, 1]]])


def test_a_box_is_seen_like_its_patch_and_padding_stays_zero():
    scenes, boxes = some_scenes()
    images = np.stack([draw(scene) for scene in scenes])
    _, encoder = naming_network((4, 4, 4, 5))

    found = region_features(encoder, images, boxes)

    patches, real = box_patches(images, boxes)
    seen = np.asarray(encoder.predict_on_batch(patches)).max(axis=(1, 2))
    np.testing.assert_allclose(found[real][:, :5], seen, atol=1e-5)
    np.testing.assert_allclose(found[real][:, 5:], box_numbers(boxes)[real], atol=1e-6)
    assert not found[~real].any()


def test_boxes_must_fit_the_images_and_one_must_be_real():
    images = np.zeros((2, 64, 64, 3), "uint8")
    with pytest.raises(ValueError, match=r"2 images.*\(1, 3, 4\)"):
        box_patches(images, np.ones((1, 3, 4)))
    with pytest.raises(ValueError, match="box"):
        box_patches(images, np.zeros((2, 3, 4)))


def test_placed_says_where_and_leaves_the_features():
    maps = np.random.default_rng(1).normal(size=(2, 8, 8, 3)).astype("float32")
    found = placed(maps)
    np.testing.assert_array_equal(found[..., :3], maps)
    np.testing.assert_allclose(found[1, 0, :, 3], np.linspace(-1, 1, 8), rtol=1e-6)
    np.testing.assert_allclose(found[1, :, 5, 4], np.linspace(-1, 1, 8), rtol=1e-6)
    assert found.dtype == maps.dtype
