"""Where a model looks: names find their thing, masses add up, chance is chance."""

import numpy as np
import pytest

from utils.scenes import (
    Scene,
    Thing,
    captions_of,
    cell_shares,
    looks_at_named,
    named_things,
    naming_network,
    occluded,
    sample_scene,
    seen_around,
    visible_masks,
)

BALL = Thing("circle", "red", "big", "plain", 20, 20, 12)
STAR = Thing("star", "blue", "big", "plain", 44, 44, 12)
SCENE = Scene(0, (BALL, STAR))


def test_a_name_finds_its_thing_whatever_it_is_called():
    assert named_things("a red ball and a red circle".split(), SCENE) == [(1, 0), (5, 0)]


def test_a_name_of_two_things_or_of_none_is_passed_over():
    twins = Scene(0, (BALL, BALL, STAR))
    assert named_things("a red ball and a blue star".split(), twins) == [(5, 2)]
    assert named_things("a blue ball and a red thing in red".split(), SCENE) == []


def test_names_in_true_captions_are_true():
    for number in range(20):
        scene = sample_scene(number)
        for caption in captions_of(scene):
            words = caption.lower().split()
            for t, k in named_things(words, scene):
                assert words[t] == scene.things[k].colour


def test_shares_of_cells_add_up_to_the_area():
    masks = visible_masks(sample_scene(3))
    shares = cell_shares(masks)
    np.testing.assert_allclose(shares.mean(axis=1), masks.mean(axis=(1, 2)))
    np.testing.assert_allclose(shares[0].reshape(8, 8)[2, 5], masks[0, 16:24, 40:48].mean())


@pytest.mark.parametrize(("shape", "cells"), [((64, 32), 8), ((64, 64), 7), ((64, 64), 0)])
def test_masks_that_cannot_be_cut_are_refused(shape, cells):
    with pytest.raises(ValueError, match=r"\b64\b"):
        cell_shares(np.zeros(shape), cells)


def looks(weights, captions, n_regions=None):
    shares = np.stack([np.eye(2, 3)] * len(captions))
    return looks_at_named(weights, captions, [SCENE] * len(captions), shares,
                          np.random.default_rng(0), n_regions)


def test_mass_is_what_lies_on_the_named_thing_at_that_word():
    weights = np.array([[0, 0, 1], [0.5, 0.2, 0.3], [0.6, 0.1, 0.3], [0, 1, 0]])
    table = looks([weights], ["a red ball"])
    assert table["position"].tolist() == [1, 2]
    assert table["word"].tolist() == ["colour", "shape"]
    assert table["mass"].tolist() == [0.5, 0.6]
    np.testing.assert_allclose(table["chance"], 1 / 3)


def test_padding_does_not_count_as_chance():
    table = looks([np.full((4, 3), 1 / 3)], ["a red ball"], n_regions=[2])
    np.testing.assert_allclose(table["chance"], 1 / 2)


def test_elsewhere_is_another_captions_look_of_the_same_word():
    one, two = np.zeros((2, 4, 3))
    one[1], one[2] = (1, 0, 0), (0.9, 0.1, 0)
    two[1], two[2] = (0.2, 0.8, 0), (0.3, 0.7, 0)
    table = looks([one, two], ["a red ball", "a blue star"])
    assert table["mass"].tolist() == [1.0, 0.9, 0.8, 0.7]
    assert table["elsewhere"].tolist() == [0.2, 0.3, 0.0, 0.1]


def test_captions_without_a_name_are_refused():
    with pytest.raises(ValueError, match="thing"):
        looks([np.ones((3, 3))], ["two things"])


@pytest.mark.parametrize(("x", "y"), [(0, 0), (63, 5), (30, 40.4), (63, 63)])
def test_a_square_of_equal_area_is_hidden_around_the_pixel(x, y):
    images = np.zeros((1, 64, 64, 3), "uint8")
    hidden = occluded(images, [x], [y])
    assert (hidden == 128).sum() == 16 * 16 * 3
    assert (hidden[0, round(y), round(x)] == 128).all()
    assert not images.any()


def test_a_place_sees_sixteen_pixels_to_each_side_of_its_middle():
    _, encoder = naming_network()
    rng = np.random.default_rng(0)
    image, cell = rng.integers(0, 255, (64, 64, 3), dtype="uint8"), 26
    x, y = seen_around(cell)
    images = np.stack([image] * 9)
    for other, (dx, dy) in zip(images[1:], [(-17, 0), (17, 0), (0, -17), (0, 17),
                                            (-16, 0), (16, 0), (0, -16), (0, 16)], strict=True):
        column, row = x + dx, y + dy
        rows = slice(None) if dx else row
        columns = column if dx else slice(None)
        other[rows, columns] = 255 - other[rows, columns]
    seen = np.asarray(encoder.predict_on_batch(images)).reshape(9, 64, -1)[:, cell]
    changed = np.abs(seen[1:] - seen[0]).max(axis=1) > 1e-6
    assert changed.tolist() == [False] * 4 + [True] * 4


def test_elsewhere_compares_looks_at_as_many_regions():
    few, many = np.zeros((2, 4, 3))
    few[1:3], many[1:3] = (1, 0, 0), (0, 0, 1)
    table = looks([few, many, few, many], ["a red ball"] * 4, n_regions=[2, 3, 2, 3])
    assert table["elsewhere"].tolist() == [1, 1, 0, 0, 1, 1, 0, 0]
    assert looks([few], ["a red ball"])["elsewhere"].isna().all()


def test_others_is_what_the_other_things_get():
    weights = np.array([[0, 0, 1], [0.5, 0.2, 0.3], [0.6, 0.1, 0.3], [0, 1, 0]])
    scene = Scene(0, (BALL, STAR, Thing("star", "red", "big", "plain", 20, 44, 12)))
    for things, others in (((BALL,), [np.nan] * 2), (SCENE.things, [0.2, 0.1]),
                           (scene.things, [0.25, 0.2])):
        table = looks_at_named([weights], ["a red ball"], [Scene(0, things)], np.eye(3)[None],
                               np.random.default_rng(0))
        np.testing.assert_allclose(table["others"], others)
