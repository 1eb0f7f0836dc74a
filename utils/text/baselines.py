"""What counting words can do: the baselines that a network has to beat, over scikit-learn."""

import numpy as np

from .tokens import tokeniser_of

__all__ = ["NaiveBayes", "NgramBaseline"]


class _Counting:
    """A counter of n-grams and a classifier; subclasses say which."""

    def __init__(self, tokeniser="words", longest=2, min_texts=1):
        if longest < 1:
            raise ValueError(f"longest must be at least 1, got {longest}.")
        self._cut, self._longest, self._min_texts = tokeniser_of(tokeniser), longest, min_texts
        self._model = None

    def fit(self, texts, labels):
        """Learn from texts and their labels (0 or 1, both present); return self.

        Raises:
            ValueError: if a third label is there, one is missing, or lengths differ.
        """
        from sklearn.pipeline import make_pipeline
        texts, labels = list(texts), np.asarray(labels)
        if labels.shape != (len(texts),):
            raise ValueError(f"Each text needs one label: got {len(texts)} texts and labels "
                             f"of shape {labels.shape}.")
        found = sorted(set(labels.tolist()), key=str)
        if found != [0, 1]:
            raise ValueError(f"labels must be 0 and 1, both present, got {found[:5]}: write 0 for "
                             "one class and 1 for the other, as numbers.")
        options = {"tokenizer": self._cut, "token_pattern": None, "lowercase": False,
                   "ngram_range": (1, self._longest), "min_df": self._min_texts}
        self._model = make_pipeline(*self._parts(options)).fit(texts, labels)
        return self

    def predict_proba(self, texts):
        """Return (samples,) probabilities of label 1.

        Raises:
            ValueError: before `fit`.
        """
        if self._model is None:
            raise ValueError(f"{type(self).__name__} has learnt nothing yet: call fit first.")
        texts = list(texts)
        return self._model.predict_proba(texts)[:, 1] if texts else np.zeros(0)

    def heaviest(self, n=10):
        """Return the n-grams that speak most for label 0 and for label 1, each a list of n."""
        if self._model is None:
            raise ValueError(f"{type(self).__name__} has learnt nothing yet: call fit first.")
        names = self._model[0].get_feature_names_out()
        order = np.argsort(self._weights(self._model[-1]), kind="stable")
        return names[order[:n]].tolist(), names[order[::-1][:n]].tolist()


class NgramBaseline(_Counting):
    """TF-IDF of n-grams and logistic regression.

    Args:
        tokeniser: a key of `TOKENISERS`; "characters" counts character n-grams.
        longest: tokens of the longest n-gram counted.
        min_texts: an n-gram counts only if it is in at least so many training texts.
        strength: scikit-learn's C, the inverse of the penalty.

    Example:
        >>> model = NgramBaseline().fit(["good film", "bad film"], [1, 0])
        >>> bool(model.predict_proba(["so good"])[0] > 0.5)
        True
    """

    def __init__(self, tokeniser="words", longest=2, min_texts=1, strength=10.0):
        super().__init__(tokeniser, longest, min_texts)
        self._strength = strength

    def _parts(self, options):
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        return (TfidfVectorizer(sublinear_tf=True, **options),
                LogisticRegression(C=self._strength, solver="liblinear", random_state=0))

    @staticmethod
    def _weights(classifier):
        return classifier.coef_[0]


class NaiveBayes(_Counting):
    """Multinomial naive Bayes on counts of n-grams; arguments as for `NgramBaseline`."""

    def _parts(self, options):
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.naive_bayes import MultinomialNB
        return CountVectorizer(**options), MultinomialNB()

    @staticmethod
    def _weights(classifier):
        return classifier.feature_log_prob_[1] - classifier.feature_log_prob_[0]
