"""Scenes ready for a caption model: words, numbers, and what a caption of them is worth."""

import numpy as np

from ..decoding import Signs
from ..metrics import caption_scores
from ..text.captions import END, START, caption_vocabulary, clean_caption, frame
from .attributes import attribute_accuracy
from .dataset import load_scenes

__all__ = ["SceneTask"]


class SceneTask:
    """The scenes of all splits, as caption models read and write them.

    Attributes:
        world: a `SceneSet`.
        vocabulary: of the training captions.
        signs: `Signs` of that vocabulary, for captions of up to 32 tokens.
        rows, scenes: {split: (scenes,) rows of the arrays, and list of `Scene`}.
        clean: {split: lists of captions in lower case, one list per scene}.
        numbers: {split: lists of integer arrays, without signs}.
    """

    def __init__(self, folder=None):
        self.world = load_scenes(folder)
        texts = {split: self.world.captions.references(split)
                 for split in self.world.captions.splits}
        self.vocabulary = caption_vocabulary([text for five in texts["train"] for text in five])
        self.signs = Signs(*map(self.vocabulary.tokens.index, (START, END)), max_length=32)
        self.rows = {split: self.world.rows(split) for split in texts}
        self.scenes = {split: [self.world.scenes[row] for row in rows]
                       for split, rows in self.rows.items()}
        self.clean = {split: [[" ".join(clean_caption(text)) for text in five] for five in part]
                      for split, part in texts.items()}
        self.numbers = {split: self._numbers(part) for split, part in texts.items()}

    def _numbers(self, texts):
        """Return the tokens of captions without signs, all captions numbered in one call."""
        rows = iter(self.vocabulary.numbers([frame(text) for five in texts for text in five]))
        return [[next(rows)[1:-1] for _ in five] for five in texts]

    def sentences(self, hypotheses):
        """Return captions as strings."""
        return [" ".join(self.vocabulary.decode(one.tokens)) for one in hypotheses]

    def judged(self, captions, split):
        """Return BLEU, CIDEr-D and the shares of `attribute_accuracy` of a split's captions."""
        told = attribute_accuracy(captions, self.scenes[split])
        return caption_scores(captions, self.clean[split]) | {
            f"{kind} right": float(share) for kind, share in told.items()
            if kind not in ("all", "true", "told")} | {
            "statements right": told["all"], "captions true": told["true"],
            "facts told": told["told"], "words": float(np.mean([len(c.split())
                                                                for c in captions]))}
