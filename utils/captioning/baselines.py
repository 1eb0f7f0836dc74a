"""Captions without a network that writes: one for all, or one borrowed from similar images.

Both have `fit(features, captions)` and `predict(features)`; captions are strings, or lists of
tokens, one list of them per image.
"""

import numpy as np

from ..metrics.captions import check_lists

__all__ = ["MostFrequentCaption", "NearestNeighbourCaption"]


class MostFrequentCaption:
    """The one training caption that agrees most with all of them, whatever the image.

    Agreement is CIDEr's: the cosine of weighted n-grams, its mean over n from 1 to 4.

    Example:
        >>> captions = [["a red ball", "the red ball"], ["a red box"], ["two dogs run"]]
        >>> MostFrequentCaption().fit(np.zeros((3, 1)), captions).predict(np.zeros((2, 1)))
        ['a red ball', 'a red ball']
    """

    def fit(self, features, captions):
        """Choose the caption; `features` (images, ...) are only counted.

        Raises:
            ValueError: if numbers differ, or an image has no caption.
        """
        texts, owners = _flat(features, captions)
        vectors = _consensus_vectors(texts, owners)
        self.caption = texts[int(np.argmax(vectors @ np.asarray(vectors.mean(axis=0)).ravel()))]
        return self

    def predict(self, features):
        """Return one caption per image."""
        return [self.caption] * len(features)


class NearestNeighbourCaption:
    """A caption of the training images that look most alike, the one their captions agree on.

    Args:
        k: images that look most alike, by the cosine of their features.
        agreeing: how many of the other captions must agree: a caption's score is its mean
            agreement with so many that it agrees with best, so that a second subject among the
            neighbours does no harm. None for half of the captions.

    Source: Devlin et al., Exploring nearest neighbor approaches for image captioning (2015).
    """

    def __init__(self, k=30, agreeing=None):
        if k < 1 or (agreeing is not None and agreeing < 1):
            raise ValueError(f"k and agreeing must be at least 1, got {k} and {agreeing}.")
        self.k, self.agreeing = k, agreeing

    def fit(self, features, captions):
        """Keep the training images: features (images, ...), and one list of captions of each.

        Raises:
            ValueError: if numbers differ, or an image has no caption.
        """
        self.texts, self.owners = _flat(features, captions)
        self.vectors = _consensus_vectors(self.texts, self.owners)
        self.features = _directions(features)
        return self

    def neighbours(self, features):
        """Return (images, k) numbers of the training images that look most alike, best first."""
        features = _directions(features)
        if features.shape[1] != self.features.shape[1]:
            raise ValueError(f"The training images have {self.features.shape[1]} features, these "
                             f"have {features.shape[1]}.")
        return np.argsort(-features @ self.features.T, axis=1, kind="stable")[:, :self.k]

    def predict(self, features):
        """Return one caption per image, word for word as somebody wrote it."""
        found = []
        for nearest in self.neighbours(features):
            rows = np.flatnonzero(np.isin(self.owners, nearest))
            agreement = (self.vectors[rows] @ self.vectors[rows].T).toarray()
            np.fill_diagonal(agreement, -1)             # a caption does not vote for itself
            n = min(self.agreeing or max(len(rows) // 2, 1), max(len(rows) - 1, 1))
            best = np.sort(agreement, axis=1)[:, -n:].mean(axis=1)
            found.append(self.texts[rows[int(np.argmax(best))]])
        return found


def _flat(features, captions):
    """Return all captions as strings, and the image of each."""
    if not len(captions) or len(features) != len(captions):
        raise ValueError("Give features and one list of captions per image, and at least one "
                         f"image: got {len(features)} images and {len(captions)} lists.")
    check_lists(captions)
    texts = [text if isinstance(text, str) else " ".join(text) for one in captions for text in one]
    return texts, np.repeat(np.arange(len(captions)), [len(one) for one in captions])


def _directions(features):
    """Return (images, features) of length 1; maps are read as their mean over regions."""
    features = np.asarray(features, np.float32)
    if features.ndim > 2:
        features = features.mean(axis=tuple(range(1, features.ndim - 1)))
    if features.ndim != 2:
        raise ValueError("features must be (images, features) or maps of them, got the shape "
                         f"{features.shape}.")
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)


def _consensus_vectors(texts, owners):
    """Return a sparse (captions, n-grams) matrix whose products are CIDEr's mean cosines."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize
    n_images = int(owners[-1]) + 1
    belongs = csr_matrix((np.ones(len(owners)), (owners, np.arange(len(owners)))))
    parts = []
    for n in range(1, 5):
        counter = CountVectorizer(ngram_range=(n, n), tokenizer=str.split, token_pattern=None)
        try:
            counts = counter.fit_transform(texts).astype(np.float64)
        except ValueError:                              # no caption has n words
            continue
        images_with = np.asarray(((belongs @ counts) > 0).sum(axis=0)).ravel()
        parts.append(normalize(counts.multiply(np.log(n_images / images_with)).tocsr()) / 2)
    return hstack(parts, format="csr")                  # 1/2 twice: a mean over four n
