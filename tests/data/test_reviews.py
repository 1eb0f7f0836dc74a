"""The reviews are what their card says."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest

from tests.conftest import DATASETS
from utils.data import DataError, load_reviews, reviews

CARD = (DATASETS / "reviews" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def splitter(dataset_script):
    return dataset_script("reviews")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_labels_are_balanced_in_every_domain_and_follow_the_stars(language):
    table = load_reviews(language)
    assert len(table) == 1200
    assert set(table.groupby(["domain", "label"]).size()) == {100}
    assert table["domain"].nunique() == 6
    assert (table["label"] == (table["rating"] >= 4)).all()
    assert table["text"].str.strip().ne("").all()
    assert not table["text"].duplicated().any()


def test_chinese_pairs_hold_one_review_of_each_label():
    table = load_reviews("zh")
    assert table["text"].str.contains(r"[\u4e00-\u9fff]").all()
    assert set(table["kind"]) == set("-ntides")
    assert table.groupby("pair")["label"].agg(set).map(lambda labels: labels == {0, 1}).all()


def test_bad_input_is_named(monkeypatch, tmp_path):
    with pytest.raises(ValueError, match=r"'en'.*got 'fr'"):
        load_reviews("fr")
    monkeypatch.setattr(reviews, "_FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"reviews_en\.csv"):
        load_reviews("en")


# --- the split -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_part_holds_as_many_of_each_label_and_domain(language):
    counts = load_reviews(language).groupby(["domain", "label"])["split"].value_counts().unstack()
    assert len(counts) == 12
    for part, size in (("train", 70), ("validation", 10), ("test", 20)):
        assert set(counts[part]) == {size}


def test_mirror_pairs_are_on_one_side():
    assert (load_reviews("zh").groupby("pair")["split"].nunique() == 1).all()


def test_english_look_alikes_are_on_one_side():
    """By brute force over all pairs, with the words cut in another way than the script's."""
    table = load_reviews("en")
    letters = table["text"].str.lower().map(lambda t: re.sub(r"[^a-z']+", " ", t).split())
    n_alike = 0
    for _, rows in table.assign(words=letters).groupby("domain"):
        for (_, a), (_, b) in itertools.combinations(rows.iterrows(), 2):
            both = set(a["words"]).intersection(b["words"])
            if len(both) >= 0.25 * len(set(a["words"]).union(b["words"])):
                n_alike += 1
                assert a["split"] == b["split"], (a["text"], b["text"])
    assert n_alike > 50


def test_the_card_counts_the_groups(splitter):
    table, groups = splitter.make_groups()["en"]
    sizes = pd.Series(groups).value_counts()
    assert (f"{sizes[sizes > 1].sum()} reviews form {(sizes > 1).sum()} groups, "
            f"the largest of {sizes.max()}") in CARD
    assert len(table) == sizes.sum()


def test_look_alikes_are_found_through_a_third_and_only_in_a_domain(splitter):
    texts = ["one two three four", "three four five six", "five six seven eight",
             "one two three four", "a b c d e f g h i j k l", "m n o p q r s h i j k l"]
    domains = ["a", "a", "a", "b", "a", "a"]
    first, second, third, other, run_1, run_2 = splitter.english_groups(texts, domains)
    assert first == second == third != other and run_1 == run_2 != first
    assert splitter.word_overlap({"a", "b"}, {"b", "c"}) == 1 / 3


def test_groups_that_do_not_fit_are_told(splitter):
    with pytest.raises(ValueError, match=r"101 reviews of d .*seed"):
        splitter.assign(["d"] * 101, [0] * 101, [0] * 101, np.random.default_rng(0))
