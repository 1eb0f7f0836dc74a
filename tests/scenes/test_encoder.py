"""The encoder of scenes: things are cut out where they are, and maps keep what is where."""

import numpy as np
import pytest

from utils.scenes import (
    ATTRIBUTES,
    COLOURS,
    cut_out,
    draw,
    feature_maps,
    naming_network,
    sample_scene,
    visible_masks,
    what_and_where,
)


def test_a_patch_shows_its_thing_and_the_label_is_its_own():
    scenes = [sample_scene(k) for k in range(6)]
    masks = np.array([visible_masks(scene).any(axis=0) for scene in scenes])
    shown = np.repeat(masks[..., None], 3, axis=-1).astype("uint8") * 255

    patches, labels = cut_out(shown, scenes)

    things = [thing for scene in scenes for thing in scene.things]
    assert patches.shape == (len(things), 32, 32, 3)
    assert (patches[:, 12:20, 12:20].max(axis=(1, 2, 3)) == 255).all()
    assert [COLOURS[k] for k in labels["colour"]] == [thing.colour for thing in things]


def test_scenes_and_images_must_be_as_many():
    with pytest.raises(ValueError, match=r"1 images.*2 scenes"):
        cut_out(np.zeros((1, 64, 64, 3), "uint8"), [sample_scene(0), sample_scene(1)])


def test_the_network_names_every_attribute_and_the_map_follows_the_image():
    network, encoder = naming_network((4, 4, 4, 4))
    image = np.full((1, 64, 64, 3), 230, "uint8")
    thing = draw(sample_scene(3))[None]
    named = network.predict_on_batch(thing)
    assert {name: each.shape for name, each in named.items()} == {
        name: (1, len(values)) for name, values in ATTRIBUTES.items()}
    one = image.copy()
    one[0, 44:52, 4:12] = 20                                # low and to the left
    change = np.abs(feature_maps(encoder, one) - feature_maps(encoder, image)).sum((0, 3))
    assert change.shape == (8, 8)
    assert change[4:, :4].sum() > 0 and change[:2, 5:].sum() == 0


def test_a_feature_that_moves_to_the_right_moves_one_number_alone():
    maps = np.zeros((2, 5, 5, 2))
    maps[0, 1, 1, 0], maps[1, 1, 3, 0] = 2.0, 2.0
    first, second = what_and_where(maps)
    np.testing.assert_allclose(first, [2, 0, -1, 0, -1, 0], atol=1e-6)
    np.testing.assert_allclose(second, [2, 0, 1, 0, -1, 0], atol=1e-6)
