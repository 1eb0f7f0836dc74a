"""The controlled reviews: what their card states, and why they exist."""

import re

import numpy as np
import pytest

from tests.conftest import DATASETS
from utils.data import DataError, load_negation, negation

CARD = (DATASETS / "negation" / "README.md").read_text(encoding="utf-8")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def grammar(dataset_script):
    return dataset_script("negation")


@pytest.fixture(scope="module")
def tables():
    return {language: load_negation(language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_is_half_good_in_every_kind_and_shares_no_text(tables, language):
    table = tables[language]
    counts = table.groupby(["split", "kind"])["label"].agg(["size", "sum"])
    assert len(counts) == 15 and (counts["size"] == 2 * counts["sum"]).all()
    bare = table["text"].str.replace(r"[\W_]+", " ", regex=True).str.strip()
    assert not bare.duplicated().any()


def test_the_label_follows_from_the_words_by_a_second_reading(tables, grammar):
    """Another program reads each English clause: count the negations that reach the verdict."""
    good = {word for _, words, _ in grammar.SUBJECTS["en"] for word in words}
    bad = {word for _, _, words in grammar.SUBJECTS["en"] for word in words}
    harmless = re.compile(r"no doubt|believe it or not|did not wait|that we did not choose"
                          r"|no plan to write but|not alone|and not the|cannot deny|no day when"
                          r"|all the same|even if")
    turning = re.compile(r"not|never|hardly|anything but|by no means|far from|nobody|cannot"
                         r"|none|doubt")

    def verdict(text):
        judged = [word for word in re.findall(r"[a-z]+", text) if word in good | bad]
        assert judged, text
        n_turns = len(turning.findall(harmless.sub(" ", text))) + ("no day when" in text)
        return (judged[-1] in good) != bool(n_turns % 2)

    def decisive(text):
        text = text.strip(" .!")
        after = re.split(r" , yet | ; all the same |(?<!anything)(?<!to write) but ", text)
        if len(after) == 2:
            return after[1]
        if text.startswith(("although ", "even if ")):
            return text.split(" , ")[1]
        return re.split(" although | even though ", text)[0]

    table = tables["en"]
    read = np.array([verdict(decisive(text)) for text in table["text"]])
    wrong = table[read != (table["label"] == 1)]
    assert wrong.empty, wrong.head().to_string()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bag_of_words_stays_below_its_bound(tables, language):
    """Even words and pairs of words: what the card states, within its interval."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    train, test = (tables[language].query("split == @part") for part in ("train", "test"))
    for longest in (1, 2):
        counter = CountVectorizer(token_pattern={"en": r"\w+", "zh": r"\w"}[language],
                                  ngram_range=(1, longest))
        model = LogisticRegression(solver="liblinear")
        model.fit(counter.fit_transform(train["text"]), train["label"])
        right = model.predict(counter.transform(test["text"])) == test["label"]
        names = {1: "single words", 2: "and pairs"}
        row = re.search(rf"\| {names[longest]} \| ([\d.]+) \| ([\d.]+) \|", CARD)
        assert right.mean() == pytest.approx(float(row[1 + LANGUAGES.index(language)]), abs=0.01)
        assert right.mean() < 0.8
        assert right[test["kind"] == "negation"].mean() < 0.6


def test_bad_input_is_named(monkeypatch, tmp_path):
    with pytest.raises(ValueError, match=r"'en'.*got 'fr'"):
        load_negation("fr")
    monkeypatch.setattr(negation, "_FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"`python datasets/negation/make_negation\.py`"):
        load_negation("zh")
