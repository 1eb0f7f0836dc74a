"""Baselines that count: equal to scikit-learn used directly, and to a case by hand."""

import numpy as np
import pytest

from utils.data import load_negation, load_reviews
from utils.text import NaiveBayes, NgramBaseline

TEXTS = ["good film", "bad film", "good good plot", "bad, bad plot"]
LABELS = [1, 0, 1, 0]


def test_naive_bayes_by_hand():
    """Counts of label 1: good 3, film 1, plot 1; of label 0: bad 3, film 1, plot 1 (no marks)."""
    texts = ["good film", "bad film", "good good plot", "bad bad plot"]
    model = NaiveBayes(longest=1).fit(texts, LABELS)
    # Laplace: P(good | 1) = (3 + 1) / (5 + 4), P(good | 0) = (0 + 1) / (5 + 4).
    assert model.predict_proba(["good", "film", "unseen"]) == pytest.approx([4 / 5, 1 / 2, 1 / 2])
    assert model.predict_proba(["good bad", "good good"]) == pytest.approx([1 / 2, 16 / 17])


@pytest.mark.parametrize("longest", [1, 2])
def test_the_ngram_baseline_is_scikit_learns(longest):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    texts = ["a good film", "not a good film", "a bad plot", "not bad at all"]
    counter = TfidfVectorizer(analyzer=lambda text: [
        " ".join(text.split()[i:i + n]) for n in range(1, longest + 1)
        for i in range(len(text.split()) - n + 1)], sublinear_tf=True)
    direct = LogisticRegression(C=10, solver="liblinear", random_state=0)
    direct.fit(counter.fit_transform(texts), [1, 0, 0, 1])
    model = NgramBaseline(longest=longest).fit(texts, [1, 0, 0, 1])
    seen = ["good film", "not at all good", "unseen"]
    expected = direct.predict_proba(counter.transform(seen))[:, 1]
    np.testing.assert_allclose(model.predict_proba(seen), expected)


@pytest.mark.parametrize("model", [NgramBaseline, NaiveBayes])
@pytest.mark.parametrize("tokeniser, text", [("words", "not good"), ("characters", "不好看"),
                                             ("jieba", "房间干净")])
def test_probabilities_are_one_per_text(model, tokeniser, text):
    fitted = model(tokeniser).fit([text, "bad 差"], np.array([1, 0]))
    probabilities = fitted.predict_proba([text, "bad", ""])
    assert probabilities.shape == (3,) and ((probabilities > 0) & (probabilities < 1)).all()
    assert probabilities[0] > 0.5 > probabilities[1]
    assert fitted.predict_proba([]).shape == (0,)


@pytest.mark.parametrize("model", [NgramBaseline, NaiveBayes])
def test_the_heaviest_words_are_those_of_one_label(model):
    bad, good = model(longest=1).fit(TEXTS, LABELS).heaviest(1)
    assert (bad, good) == (["bad"], ["good"])


@pytest.mark.parametrize("model", [NgramBaseline, NaiveBayes])
@pytest.mark.parametrize("labels, said", [
    ([0, 1, 2, 1], r"both present, got \[0, 1, 2\]"), ([1, 1, 1, 1], r"both present, got \[1\]"),
    (["pos", "neg", "pos", "neg"], r"got \['neg', 'pos'\]"),
    (["1", "0", "1", "0"], r"got \['0', '1'\]: write 0 for one class and 1 for the other"),
    ([1, 0, None, 1], r"got \[0, 1, None\]"), ([1, 0, np.nan, 1], "nan"),
    ([0, 1], r"4 texts and labels of shape \(2,\)")])
def test_a_third_label_or_a_missing_one_is_refused(model, labels, said):
    with pytest.raises(ValueError, match=said):
        model().fit(TEXTS, labels)


def test_bad_arguments_and_the_wrong_order_are_named():
    with pytest.raises(ValueError, match="longest must be at least 1, got 0"):
        NgramBaseline(longest=0)
    with pytest.raises(ValueError, match="tokeniser must be one of"):
        NaiveBayes("letters")
    with pytest.raises(ValueError, match="NaiveBayes has learnt nothing yet: call fit first"):
        NaiveBayes().predict_proba(["a"])


def test_counting_beats_chance_on_written_reviews_and_fails_on_negation():
    for language, tokeniser in (("en", "words"), ("zh", "characters")):
        table = load_reviews(language)
        train, test = (table[table["split"] == part] for part in ("train", "test"))
        model = NgramBaseline(tokeniser).fit(train["text"], train["label"])
        right = (model.predict_proba(test["text"]) > 0.5) == test["label"]
        assert 0.6 < right.mean() < 0.9
    table = load_negation("zh")
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    model = NgramBaseline("characters", longest=1).fit(train["text"], train["label"])
    right = (model.predict_proba(test["text"]) > 0.5) == test["label"]
    assert right[test["kind"] == "negation"].mean() < 0.2 < 0.9 < right[
        test["kind"] == "plain"].mean()
