"""How good captions are by their references, and how varied: BLEU, ROUGE-L, CIDEr-D, diversity.

Captions are strings of tokens with spaces in between, in which a Chinese character is a token by
itself, or lists of tokens, which stay as they are; case does not count.
`references` has one list of captions per image, in the order of `hypotheses`.
"""

import re
from collections import Counter, namedtuple

import numpy as np

from ..normalising import HAN

__all__ = ["bleu", "caption_scores", "check_lists", "cider_d", "diversity",
           "rouge_l"]

Bleu = namedtuple("Bleu", "bleu1 bleu2 bleu3 bleu4 brevity_penalty")
Diversity = namedtuple("Diversity", "distinct_1 distinct_2 distinct_captions copied n_words")
_TOKEN = re.compile(rf"[{HAN}]|[^\s{HAN}]+")


def bleu(hypotheses, references):
    """Return corpus BLEU-1 to BLEU-4, from 0 to 100, of sacrebleu.

    The counts of clipped n-grams are summed over all images before any division; nothing is
    smoothed, so that one order without a hit makes BLEU of this and higher orders 0. The
    brevity penalty compares with the reference that is closest in length.

    Args:
        hypotheses: one caption per image.
        references: one list of captions per image.

    Returns:
        `Bleu` (bleu1, bleu2, bleu3, bleu4, brevity_penalty).

    Raises:
        ValueError: if there is no hypothesis, numbers differ, or an image has no reference.

    Source: Papineni et al., BLEU: a method for automatic evaluation of machine translation
    (2002); Post, A call for clarity in reporting BLEU scores (2018).

    >>> bleu(["a red ball"], [["a red ball lies here"]]).bleu1.__round__(1)
    51.3
    """
    from sacrebleu.metrics import BLEU
    hypotheses, references = _checked(hypotheses, references)
    most = max(len(captions) for captions in references)
    streams = [[" ".join(captions[k]) if k < len(captions) else None for captions in references]
               for k in range(most)]
    metric = BLEU(tokenize="none", smooth_method="none", effective_order=False, force=True)
    found = metric.corpus_score([" ".join(tokens) for tokens in hypotheses], streams)
    shares = [hits / total if total else 0.0
              for hits, total in zip(found.counts, found.totals, strict=True)]
    with np.errstate(divide="ignore"):
        means = np.exp(np.cumsum(np.log(shares)) / np.arange(1, 5))
    return Bleu(*(float(100 * found.bp * mean) for mean in means), float(found.bp))


def rouge_l(hypotheses, references, beta=1.2):
    """Return (images,) ROUGE-L from 0 to 100, by the longest common subsequence of tokens.

    The best precision and the best recall over the references make F with `beta`, as in the
    evaluation of MS COCO's captions; the corpus' figure is the mean.

    Args:
        hypotheses, references: as in `bleu`.
        beta: how many times as important recall is as precision.

    Raises:
        ValueError: as in `bleu`.

    Source: Lin, ROUGE: a package for automatic evaluation of summaries (2004).

    >>> rouge_l(["a ball lies here"], [["a red ball lies"]]).tolist()
    [75.0]
    """
    scores = []
    for tokens, captions in zip(*_checked(hypotheses, references), strict=True):
        common = [_longest_common(tokens, caption) for caption in captions]
        precision = max(common) / max(len(tokens), 1)
        recall = max(n / max(len(caption), 1) for n, caption in zip(common, captions, strict=True))
        below = recall + beta**2 * precision
        scores.append(100 * (1 + beta**2) * precision * recall / below if below else 0.0)
    return np.array(scores)


def cider_d(hypotheses, references, corpus=None, sigma=6.0):
    """Return (images,) CIDEr-D from 0 to 10: agreement in the n-grams that say something.

    An n-gram counts log(images / images that have it in a reference). For n from 1 to 4 each
    caption is a vector of counts times weights; a hypothesis' entries are clipped at the
    reference's, and the cosine falls with the difference in length as a Gaussian of `sigma`
    tokens. The mean over n and over references is multiplied by 10; the corpus' figure is the
    mean over images. As in the authors' code, counts are not divided by a caption's length.

    Args:
        hypotheses, references: as in `bleu`.
        corpus: references that the weights are counted on; None for `references`.
        sigma: of the Gaussian, in tokens.

    Raises:
        ValueError: as in `bleu`, or if the weights are counted on a single image, where every
            one is 0.

    Source: Vedantam et al., CIDEr: consensus-based image description evaluation (2015).
    """
    hypotheses, references = _checked(hypotheses, references)
    counted = references if corpus is None else _checked([""] * len(corpus), corpus)[1]
    if len(counted) < 2:
        raise ValueError("CIDEr-D weighs n-grams by how few images have them: it needs the "
                         "references of at least 2 images, got 1.")
    n_images_with = Counter()
    for captions in counted:
        n_images_with.update({gram for caption in captions for gram in _ngrams(caption)})
    log_n = np.log(len(counted))

    def vectors(tokens):
        """Return for each n a dictionary of weighted counts, and its norm."""
        parts = [{} for _ in range(4)]
        for gram, count in _ngrams(tokens).items():
            parts[len(gram) - 1][gram] = count * (log_n - np.log(max(n_images_with[gram], 1)))
        return [(part, np.sqrt(sum(value**2 for value in part.values()))) for part in parts]

    scores = []
    for tokens, captions in zip(hypotheses, references, strict=True):
        ours, total = vectors(tokens), 0.0
        for caption in captions:
            cosines = 0.0
            for (mine, norm), (theirs, other_norm) in zip(ours, vectors(caption), strict=True):
                if norm and other_norm:
                    cosines += sum(min(value, theirs[gram]) * theirs[gram] for gram, value
                                   in mine.items() if gram in theirs) / (norm * other_norm)
            total += cosines / 4 * np.exp(-(len(tokens) - len(caption))**2 / (2 * sigma**2))
        scores.append(10 * total / len(captions))
    return np.array(scores)


def caption_scores(hypotheses, references):
    """Return a dictionary of BLEU-1 to BLEU-4, ROUGE-L (0 to 100) and CIDEr-D (0 to 10).

    Raises:
        ValueError: as in `bleu` and `cider_d`.
    """
    found = bleu(hypotheses, references)
    return {**{f"BLEU-{n}": found[n - 1] for n in range(1, 5)},
            "ROUGE-L": float(rouge_l(hypotheses, references).mean()),
            "CIDEr-D": float(cider_d(hypotheses, references).mean())}


def diversity(hypotheses, training=None):
    """Return how varied captions are: a model that says one thing of every image scores low.

    Args:
        hypotheses: captions.
        training: captions that the model learnt from, in one list; or None.

    Returns:
        `Diversity`: `distinct_1` and `distinct_2`, different words and pairs as a share of all;
        `distinct_captions`, different captions as a share of all; `copied`, the share that is
        in `training` word for word (NaN without it); and `n_words`, how many words are used.

    Raises:
        ValueError: if there is no hypothesis.

    Source: Li et al., A diversity-promoting objective function for neural conversation models
    (2016), for distinct-n.

    >>> diversity(["a red ball", "a red box"], training=["A red box"])[:4]
    (0.6666666666666666, 0.75, 1.0, 0.5)
    """
    captions = [tuple(_tokens(caption)) for caption in _listed("hypotheses", hypotheses)]
    if not captions:
        raise ValueError("hypotheses is empty: give at least one caption.")
    grams = [[caption[i:i + n] for caption in captions for i in range(len(caption) - n + 1)]
             for n in (1, 2)]
    known = None if training is None else {
        tuple(_tokens(caption)) for caption in _listed("training", training)}
    return Diversity(*(len(set(found)) / max(len(found), 1) for found in grams),
                     len(set(captions)) / len(captions),
                     float("nan") if known is None else
                     sum(caption in known for caption in captions) / len(captions),
                     len(set(grams[0])))


def _tokens(caption):
    """Return a caption's tokens in lower case."""
    return [token.lower() for token in (
        _TOKEN.findall(caption) if isinstance(caption, str) else caption)]


def _ngrams(tokens):
    """Return how often each n-gram (a tuple), n from 1 to 4, is in `tokens`."""
    return Counter(tuple(tokens[i:i + n]) for n in range(1, 5)
                   for i in range(len(tokens) - n + 1))


def _longest_common(a, b):
    """Return the length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for token in a:
        above, row = row, [0] * (len(b) + 1)
        for j, other in enumerate(b, start=1):
            row[j] = above[j - 1] + 1 if token == other else max(above[j], row[j - 1])
    return row[-1]


def check_lists(captions):
    """Raise ValueError unless each image has a list of at least one caption."""
    for i, one in enumerate(captions):
        if isinstance(one, str) or not len(one):
            raise ValueError(f"Each image needs a list of at least one caption, image {i} has "
                             f"{one!r}.")


def _listed(name, captions):
    if isinstance(captions, str):
        raise ValueError(f"{name} must be a list of captions, got the string {captions[:40]!r}.")
    return captions


def _checked(hypotheses, references):
    """Return hypotheses and references as lists of tokens."""
    n, m = len(_listed("hypotheses", hypotheses)), len(_listed("references", references))
    if n == 0 or n != m:
        raise ValueError("Give one hypothesis and one list of references per image, and at "
                         f"least one image: got {n} hypotheses and {m} lists of references.")
    check_lists(references)
    return ([_tokens(caption) for caption in hypotheses],
            [[_tokens(caption) for caption in captions] for captions in references])
