"""Baselines for captions: agreement is CIDEr's, neighbours are those that look alike."""

import numpy as np
import pytest

from utils.captioning import MostFrequentCaption, NearestNeighbourCaption
from utils.captioning.baselines import _consensus_vectors, _flat
from utils.metrics import cider_d

DOGS = [["a dog runs on grass", "a brown dog runs"], ["the dog runs on grass", "a dog on grass"],
        ["a dog runs", "one dog jumps high"]]
BOATS = [["a boat on water", "a white boat sails"], ["the boat sails on water", "a boat sails"],
         ["two boats", "a boat sails on water"]]
FEATURES = np.array([[3, 0.1], [2, 0.2], [1, 0], [0, 1], [0.2, 2], [0.1, 4]], float)


def test_agreement_is_cider_between_captions_without_its_clipping():
    """CIDEr-D of captions without repeats and of equal length: nothing is clipped or shortened."""
    captions = [["a red ball lies"], ["a red box lies"], ["two red dogs run"]]
    vectors = _consensus_vectors(*_flat(np.zeros(3), captions))
    ours = (vectors @ vectors.T).toarray()
    texts = [one[0] for one in captions]
    for other in range(3):
        expected = cider_d(texts, [[texts[other]]] * 3, corpus=captions) / 10
        np.testing.assert_allclose(ours[:, other], expected, atol=1e-12)


def test_the_most_frequent_caption_is_the_one_most_alike_to_all():
    captions = [*DOGS, ["a boat on water"]]
    model = MostFrequentCaption().fit(np.zeros((4, 2)), captions)
    vectors = _consensus_vectors(*_flat(np.zeros(4), captions))
    sums = (vectors @ vectors.T).toarray().sum(axis=1)
    texts = [text for one in captions for text in one]
    assert model.predict(np.zeros((3, 2))) == [texts[int(sums.argmax())]] * 3
    assert "dog" in model.caption


def test_neighbours_are_found_by_direction_and_not_by_size():
    model = NearestNeighbourCaption(k=3).fit(FEATURES, DOGS + BOATS)
    found = model.neighbours([[100.0, 1.0], [0.0, 0.01]])
    assert set(found[0]) == {0, 1, 2} and set(found[1]) == {3, 4, 5}
    assert found[1][0] == 3
    dog, boat = model.predict([[100.0, 1.0], [0.0, 0.01]])
    assert "dog" in dog and "boat" in boat
    assert any(dog in one for one in DOGS) and any(boat in one for one in BOATS)


def test_one_neighbour_gives_one_of_its_own_captions():
    model = NearestNeighbourCaption(k=1).fit(FEATURES, DOGS + BOATS)
    for features, captions in zip(FEATURES, DOGS + BOATS, strict=True):
        assert model.predict([features])[0] in captions
    single = NearestNeighbourCaption(k=1).fit(FEATURES[:2], [["a b"], ["c d"]])
    assert single.predict(FEATURES[:1]) == ["a b"]


def test_a_few_others_among_the_neighbours_do_no_harm():
    """With all to agree the lone subject of one image drags; with half it does not matter."""
    model = NearestNeighbourCaption(k=4, agreeing=2).fit(FEATURES[:4], [*DOGS, BOATS[0]])
    assert "dog" in model.predict(FEATURES[:1])[0]


def test_maps_are_read_as_their_mean():
    maps = np.random.default_rng(0).normal(size=(6, 2, 2, 5))
    ours = NearestNeighbourCaption(k=2).fit(maps, DOGS + BOATS)
    theirs = NearestNeighbourCaption(k=2).fit(maps.mean(axis=(1, 2)), DOGS + BOATS)
    np.testing.assert_array_equal(ours.neighbours(maps), theirs.neighbours(maps.mean(axis=(1, 2))))


def test_tokens_serve_as_well_as_strings():
    cut = [[text.split() for text in one] for one in DOGS + BOATS]
    for model in (MostFrequentCaption, NearestNeighbourCaption):
        assert model().fit(FEATURES, cut).predict(FEATURES) == model().fit(
            FEATURES, DOGS + BOATS).predict(FEATURES)


@pytest.mark.parametrize("model", [MostFrequentCaption, NearestNeighbourCaption])
@pytest.mark.parametrize("features, captions, says", [
    ([], [], "0 images"), (FEATURES, DOGS, "6 images.*3 "),
    (FEATURES[:2], [["a"], []], "image 1"), (FEATURES[:1], ["a b"], "image 0.*'a b'"),
])
def test_wrong_input_is_named(model, features, captions, says):
    with pytest.raises(ValueError, match=says):
        model().fit(features, captions)


def test_other_features_than_in_training_are_named():
    model = NearestNeighbourCaption().fit(FEATURES, DOGS + BOATS)
    with pytest.raises(ValueError, match=r"2 features.*3"):
        model.predict(np.ones((1, 3)))
    with pytest.raises(ValueError, match="got 0 and None"):
        NearestNeighbourCaption(0)
