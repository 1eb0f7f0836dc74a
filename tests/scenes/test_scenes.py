"""Scenes: drawn as they are described, described truly, and split with pairs held out."""

import itertools
import re

import numpy as np
import pytest

from utils.captioning import check_disjoint
from utils.data import DataError
from utils.scenes import (
    HELD_OUT,
    Scene,
    Thing,
    attribute_accuracy,
    boxes_of,
    captions_of,
    draw,
    exact_attributes,
    load_scenes,
    read_caption,
    sample_scene,
    visible_masks,
)
from utils.scenes.things import OPPOSITE

SIZES = {"train": 60, "dev": 20, "test": 40}
BALL = Thing("circle", "red", "big", "striped", 16, 20, 12, place="air")
STAR = Thing("star", "blue", "small", "plain", 50, 22, 7, place="air")
BOX = Thing("square", "red", "big", "dotted", 20, 48, 11, place="grass")
WORLD = Scene(0, (BALL, STAR, BOX), "grass", 42)


@pytest.fixture(scope="module")
def scenes():
    return [sample_scene(number, number % 4 == 0) for number in range(800)]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    from utils.scenes import dataset as module
    folder = tmp_path_factory.mktemp("scenes")
    whole = folder / "kept"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SCENE_SIZES", SIZES)
        return load_scenes(whole), whole


def test_every_caption_of_thousands_is_true_and_says_something(scenes):
    total = 0
    for scene in scenes:
        for caption in captions_of(scene):
            verdict = exact_attributes(caption, scene)
            assert not verdict.wrong and verdict.right, (caption, verdict)
            total += 1
    assert total == 5 * len(scenes)


def test_a_changed_word_is_found(scenes):
    """The reader is no rubber stamp: with one colour exchanged, captions become wrong."""
    found = tried = 0
    for scene in scenes[:400]:
        absent = next(c for c in ("red", "blue", "green", "yellow")
                      if c not in {thing.colour for thing in scene.things})
        for caption in captions_of(scene):
            changed, n = re.subn(r"\b(red|blue|green|yellow|purple)\b", absent, caption, count=1)
            if n and f"the {absent}" not in changed and " the " not in caption.lower():
                tried += 1
                found += ("colour", absent) in exact_attributes(changed, scene).wrong
    assert tried > 300 and found == tried


@pytest.mark.parametrize(("there", "back"), [
    ("left of", "right of"), ("right of", "left of"), ("above", "below"), ("over", "under"),
    ("in front of", "behind"), ("partly hiding", "partly hidden by")])
def test_a_relation_is_right_in_one_direction_only(scenes, there, back):
    judged = set()
    for scene in scenes[:300]:
        for i, j in itertools.permutations(range(len(scene.things)), 2):
            first, second = (f"a {scene.things[k].colour} {scene.things[k].shape}"
                             for k in (i, j))
            one = exact_attributes(f"{first} {there} {second} .", scene)
            other = exact_attributes(f"{second} is {back} {first}", scene)
            assert bool(one.wrong) == bool(other.wrong)
            judged.add(bool(one.wrong))
    assert judged == {True, False}


def test_relations_are_opposite_from_the_other_side_and_match_the_masks(scenes):
    for scene in scenes:
        masks = visible_masks(scene)
        for i, j in itertools.permutations(range(len(scene.things)), 2):
            relation = scene.relation(i, j)
            assert scene.relation(j, i) == OPPOSITE[relation]
            if relation == "left":
                assert masks[i].any(0).nonzero()[0].max() < masks[j].any(0).nonzero()[0].min()
            elif relation == "above":
                assert masks[i].any(1).nonzero()[0].max() < masks[j].any(1).nonzero()[0].min()


@pytest.mark.parametrize(("caption", "wrong"), [
    ("A red ball is left of a small blue star .", []),
    ("A red ball is right of a blue star .", [("relation", "right")]),
    ("A big striped blue star", [("size", "big"), ("texture", "striped")]),
    ("A red box on the grass with a big ball above it .", []),
    ("A red box on the sand .", [("place", "sand")]),
    ("A red box has a ball below it", [("relation", "below")]),
    ("Below a red ball there is a red square with dots .", []),
    ("Below a red square there is a red ball .", [("relation", "below")]),
    ("A star , and a ball is left of the star", []),
    ("a star on the left", [("side", "left")]),
    ("two shapes", [("number", "2")]),
    ("three things : a ball , a star and a box", []),
    ("two balls", [("shape", "circle")]),
    ("a green ball", [("colour", "green")]),
    ("a ball next to a star", []),
    ("a star is to the right of a ball and above a box", [("relation", "above")]),
])
def test_hand_worked_captions_are_judged_rightly(caption, wrong):
    assert sorted(exact_attributes(caption, WORLD).wrong) == sorted(wrong)


def test_what_is_not_said_is_missing():
    verdict = exact_attributes("a red ball left of a small blue star", WORLD)
    assert ("texture", "striped") in verdict.missing and ("shape", "square") in verdict.missing
    assert ("shape", "circle") not in verdict.missing
    relations = [what for kind, what in verdict.missing if kind == "relation"]
    assert relations == ["below", "left"]       # of the box, from the ball and from the star


def test_a_caption_of_anything_is_read_without_error():
    rng = np.random.default_rng(0)
    words = ("a the red ball it above left of between and , . with stripes two shapes on the "
             "grass its to its left box stars is in front of").split()
    for _ in range(500):
        text = " ".join(rng.choice(words, rng.integers(0, 14)))
        exact_attributes(text, WORLD)
    assert read_caption("").things == [] and exact_attributes("", WORLD).right == []


def test_accuracy_counts_right_statements_by_kind():
    shares = attribute_accuracy(["a red ball", "a green star"], [WORLD, WORLD])
    assert shares["colour"] == 0.5 and shares["shape"] == 1 and shares["true"] == 0.5
    with pytest.raises(ValueError, match=r"1 captions.*0 scenes"):
        attribute_accuracy(["a"], [])


def test_captions_vary_and_a_scene_is_the_same_whatever_was_made_before(scenes):
    assert sample_scene(17) == sample_scene(17) != sample_scene(17, seed=3)
    assert captions_of(scenes[5]) == captions_of(sample_scene(5))
    texts = [caption for scene in scenes for caption in captions_of(scene)]
    assert len({caption.split()[0] for caption in texts}) > 8
    assert len(set(texts)) > 0.95 * len(texts)
    for scene in scenes[:50]:
        assert len(set(captions_of(scene, 8))) == 8


@pytest.mark.parametrize(("call", "told"), [
    (lambda: sample_scene(-1), "got -1 and"), (lambda: captions_of(WORLD, 0), "got 0")])
def test_bad_arguments_are_named(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_pixels_have_the_colour_of_their_thing_and_boxes_fit_tightly():
    image, masks = draw(WORLD), visible_masks(WORLD)
    assert image.shape == (64, 64, 3) and image.dtype == np.uint8
    assert image[22, 50].argmax() == 2 and image[2, 2].min() > 200
    red = image[masks[2]].mean(0)
    assert red[0] > red[1] + 50 and not (masks[0] & masks[2]).any()
    for mask, (left, top, right, bottom) in zip(masks, boxes_of(masks), strict=True):
        assert mask[top:bottom, left:right].sum() == mask.sum()
        assert mask[top].any() and mask[bottom - 1].any() and mask[:, right - 1].any()
    circle = visible_masks(Scene(0, (BALL,)))[0]
    assert abs(circle.sum() - np.pi * 12**2) < 20
    assert len(np.unique(draw(Scene(0, (STAR,))).reshape(-1, 3), axis=0)) > 10  # soft edges


def test_the_front_thing_is_whole_and_the_back_one_is_partly_hidden(scenes):
    hiding = [scene for scene in scenes if scene.hides]
    assert len(hiding) > 80
    for scene in hiding:
        front, back = scene.hides[0]
        masks, alone = visible_masks(scene), Scene(0, (scene.things[back],))
        share = masks[back].sum() / visible_masks(alone)[0].sum()
        assert 0.4 < share < 0.9 and front > back


def test_splits_are_disjoint_and_held_out_pairs_are_in_the_test_alone(small):
    scenes, _ = small
    check_disjoint({split: scenes.captions.images(split) for split in SIZES})
    rows = {split: scenes.rows(split) for split in (*SIZES, "held-out")}
    assert {split: len(rows[split]) for split in SIZES} == SIZES
    contents = [scene.content for scene in scenes.scenes]
    assert len(set(contents)) == len(contents)
    for split in SIZES:
        held = [row for row in rows[split] if any(
            (t.colour, t.shape) in HELD_OUT for t in scenes.scenes[row].things)]
        assert held == (list(rows["held-out"]) if split == "test" else [])
    assert len(rows["held-out"]) == 16


def test_what_is_kept_is_what_was_drawn(small):
    scenes, folder = small
    again = load_scenes(folder)
    assert again.scenes == scenes.scenes and np.array_equal(again.images, scenes.images)
    row = int(scenes.rows("test")[3])
    scene = scenes.scenes[row]
    assert scene == sample_scene(scene.number, scene.held_out)
    assert np.array_equal(scenes.images[row], draw(scene))
    assert np.array_equal(scenes.masks[row, :len(scene.things)], visible_masks(scene))
    assert scenes.captions.captions[scenes.names[row]] == captions_of(scene)


def test_a_broken_cache_says_what_to_do(small, tmp_path):
    _, folder = small
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:-400])
    (tmp_path / "Flickr8k.token.txt").write_bytes((folder / "Flickr8k.token.txt").read_bytes())
    for path in folder.glob("Flickr_8k*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(DataError, match="delete"):
        load_scenes(tmp_path)
