"""Nothing of a test reaches training: neither a review, nor a word of its vocabulary."""

import socket
from pathlib import Path

import numpy as np
import pytest

from utils.data import load_chnsenticorp, load_imdb, load_negation, load_reviews
from utils.text import NaiveBayes, NgramBaseline, Vocabulary, leaking, normalise, stratified_split

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PARTS = ("train", "validation", "test")
OWN = [(load, language) for load in (load_reviews, load_negation) for language in ("en", "zh")]


@pytest.mark.parametrize("load, language", OWN)
def test_no_own_review_is_in_two_parts(load, language):
    table = load(language)
    texts = {part: table.loc[table["split"] == part, "text"] for part in PARTS}
    for part in PARTS[:2]:
        later = PARTS[PARTS.index(part) + 1:]
        rest = table.loc[table["split"].isin(later), "text"]
        assert leaking(texts[part], rest) == []
        assert not set(texts[part].map(normalise)) & set(rest.map(normalise))
    planted = "  " + texts["test"].iloc[3].upper() + "\u200b"
    assert leaking([*texts["train"], planted], texts["test"]) == [len(texts["train"])]


@pytest.mark.parametrize("load, language", OWN)
def test_a_word_of_the_test_alone_is_unknown(load, language):
    table = load(language)
    tokeniser = {"en": "words", "zh": "characters"}[language]
    word = {"en": "zyxplanted", "zh": "龘"}[language]
    table.loc[table["split"] == "test", "text"] += " " + word
    train, test = (table.loc[table["split"] == part, "text"] for part in ("train", "test"))
    vocabulary = Vocabulary.fit(train, tokeniser)
    assert word not in vocabulary and word in Vocabulary.fit(test, tokeniser)
    assert all(numbers[-1] == 1 for numbers in vocabulary.numbers(test))
    assert vocabulary.unknown_share(train) == 0 < vocabulary.unknown_share(test)


@pytest.mark.parametrize("model", [NgramBaseline, NaiveBayes])
def test_a_baseline_counts_no_word_of_what_it_predicts(model):
    table = load_reviews("en").iloc[::6]
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    fitted = model().fit(train["text"], train["label"])
    alone = fitted.predict_proba(test["text"].head(1))
    together = fitted.predict_proba([*(test["text"] + " zyxplanted"), test["text"].iloc[0]])
    assert together[-1] == pytest.approx(alone[0], abs=1e-12)
    n_terms = len(fitted.heaviest(10**6)[0])
    assert not any("zyxplanted" in term for term in fitted.heaviest(n_terms)[0])


# --- a split of our own making -------------------------------------------------------------


def test_copies_stay_together_and_labels_keep_their_shares():
    rng = np.random.default_rng(0)
    texts = [f"review {k}" for k in range(900)] + [f"REVIEW  {k}" for k in range(0, 900, 9)]
    labels = [int(k % 3 == 0) for k in range(900)] + [int(k % 3 == 0) for k in range(0, 900, 9)]
    parts = stratified_split(texts, labels, {"train": 0.7, "validation": 0.1, "test": 0.2}, rng)
    for copy, k in enumerate(range(0, 900, 9)):
        assert parts[900 + copy] == parts[k]
    labels = np.array(labels[:900])
    for part, share in (("train", 0.7), ("validation", 0.1), ("test", 0.2)):
        for label, size in ((0, 600), (1, 300)):
            assert ((parts[:900] == part) & (labels == label)).sum() == round(share * size)
    train, test = (np.array(texts)[parts == part] for part in ("train", "test"))
    assert leaking(train, test) == []


def test_a_split_is_random_and_the_same_for_the_same_generator():
    texts, labels, shares = list("abcdefghij"), [0, 1] * 5, {"train": 0.6, "test": 0.4}
    split = [stratified_split(texts, labels, shares, np.random.default_rng(seed)).tolist()
             for seed in (1, 1, 2, 3)]
    assert split[0] == split[1] and len({tuple(each) for each in split}) > 1
    assert split[0].count("test") == 4


def test_bad_shares_are_named():
    rng = np.random.default_rng(0)
    for shares in ({"train": 0.8, "test": 0.1}, {"train": 1.2, "test": -0.2}):
        with pytest.raises(ValueError, match=r"shares must be >= 0 and sum to 1, got \{'train'"):
            stratified_split(["a"], [1], shares, rng)
    with pytest.raises(ValueError, match="Each text needs one label: got 2 and 1"):
        stratified_split(["a", "b"], [1], {"train": 1.0}, rng)
    for labels, said in (([1, np.nan], "got nan: leave out"), (np.ones((2, 1)), r"got \[1\.\]"),
                         ([[1], [0]], r"got \[1\]: .* take \[:, 0\]")):
        with pytest.raises(ValueError, match=f"A label is a number or a word, {said}"):
            stratified_split(["a", "b"], labels, {"train": 1.0}, rng)


# --- the real files ------------------------------------------------------------------------


@pytest.fixture
def real_data(monkeypatch):
    if not SHARED.is_dir():
        pytest.skip("the real data sets are not beside this clone")
    monkeypatch.setenv("COURSE_DATA", str(SHARED))
    monkeypatch.delattr(socket, "getaddrinfo")


def test_the_split_of_the_hotel_reviews_shares_no_text(real_data):
    table = load_chnsenticorp()
    parts = stratified_split(table["text"], table["label"], {"train": 0.8, "test": 0.2},
                             np.random.default_rng(0))
    train, test = (table[parts == part] for part in ("train", "test"))
    assert leaking(train["text"], test["text"]) == []
    assert abs(train["label"].mean() - test["label"].mean()) < 0.002


def test_official_film_reviews_leak_and_can_be_left_out_of_training(real_data):
    table = load_imdb()
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    same = train["text"].isin(test["text"])
    assert 0 < same.sum() < 500
    some = train[same | (train["id"] % 20 == 0)]
    copies = leaking(some["text"], test.loc[test["text"].isin(some["text"]), "text"])
    assert set(some.index[copies]) == set(train.index[same])
    clean = train.drop(some.index[copies])
    assert set(clean["text"]).isdisjoint(test["text"]) and len(clean) == len(train) - len(copies)
