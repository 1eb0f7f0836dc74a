"""The reviews are what their card says."""

import pytest

from utils.data import reviews
from utils.data.errors import DataError
from utils.data.reviews import load_reviews


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
    with pytest.raises(ValueError, match="'en' or 'zh', got 'fr'"):
        load_reviews("fr")
    monkeypatch.setattr(reviews, "_FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"reviews_en\.csv is missing"):
        load_reviews("en")
