"""Text as models read it: cleaned, cut into tokens, numbered, batched, and judged by counting."""

from ..normalising import normalise
from .alphabet import Alphabet
from .baselines import NaiveBayes, NgramBaseline
from .batches import length_buckets, padding_share
from .limits import describe_input
from .ngrams import CharacterNgrams
from .probes import hide_each, shuffle_words
from .splits import leaking, stratified_split
from .tokens import TOKENISERS, characters, jieba_words, truncate, words
from .vocabulary import Vocabulary

__all__ = [
    "TOKENISERS", "Alphabet", "CharacterNgrams", "NaiveBayes", "NgramBaseline", "Vocabulary",
    "characters", "describe_input", "hide_each", "jieba_words", "leaking", "length_buckets",
    "normalise", "padding_share", "shuffle_words", "stratified_split", "truncate", "words",
]
