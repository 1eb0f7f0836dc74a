"""Text as models read it: cleaned, cut into tokens, numbered, batched, and judged by counting."""

from .alphabet import Alphabet
from .baselines import NaiveBayes, NgramBaseline
from .batches import length_buckets, padding_share
from .limits import describe_input
from .normalising import normalise
from .splits import leaking, stratified_split
from .tokens import TOKENISERS, characters, jieba_words, truncate, words
from .vocabulary import Vocabulary

__all__ = ["TOKENISERS", "Alphabet", "NaiveBayes", "NgramBaseline", "Vocabulary",
           "characters", "describe_input", "jieba_words", "leaking", "length_buckets", "normalise",
           "padding_share", "stratified_split", "truncate", "words"]
