"""The controlled reviews: the same bytes again, what their card states, and why they exist."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from utils.data import negation
from utils.data.errors import DataError
from utils.data.negation import load_negation

FOLDER = Path(__file__).resolve().parents[1] / "datasets" / "negation"
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def grammar():
    spec = importlib.util.spec_from_file_location("make_negation", FOLDER / "make_negation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables():
    return {language: load_negation(language) for language in LANGUAGES}


def test_the_script_writes_the_same_bytes_again(grammar):
    for name, text in grammar.make_files().items():
        assert (FOLDER / name).read_bytes() == text.encode(), name


def test_check_finds_a_file_that_was_edited(grammar, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(grammar, "make_files", lambda: {"a.csv": "a\n", "b.csv": "b\n"})
    monkeypatch.setattr(grammar, "FOLDER", tmp_path)
    assert grammar.main([]) == 0 and grammar.main(["--check"]) == 0
    (tmp_path / "b.csv").write_text("c\n")
    assert grammar.main(["--check"]) == 1
    assert "make_negation.py writes: b.csv; run it" in capsys.readouterr().out


def test_the_files_are_small_and_as_large_as_the_card_says():
    for language in LANGUAGES:
        data = (FOLDER / f"negation_{language}.csv").read_bytes()
        row = f"| `negation_{language}.csv` | {data.count(10) - 1:,} | {len(data):,} |"
        assert row in CARD and b"\r" not in data
    assert sum(path.stat().st_size for path in FOLDER.glob("*.csv")) < 2_000_000


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
    with pytest.raises(ValueError, match="'en' or 'zh', got 'fr'"):
        load_negation("fr")
    monkeypatch.setattr(negation, "_FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"run `python datasets/negation/make_negation\.py`"):
        load_negation("zh")
