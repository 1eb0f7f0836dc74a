"""Text as models read it: cleaned, cut into tokens, numbered, batched, and judged by counting."""

from .alphabet import Alphabet
from .baselines import NaiveBayes, NgramBaseline
from .batches import length_buckets, padding_share
from .limits import describe_input
from .ngrams import CharacterNgrams
from .normalising import normalise
from .probes import hide_each, shuffle_words
from .splits import leaking, stratified_split
from .threads import cut_threads, is_thread, parse_thread, render_thread, thread_start
from .tokens import TOKENISERS, characters, jieba_words, truncate, words
from .vocabulary import Vocabulary

__all__ = ["TOKENISERS", "Alphabet", "CharacterNgrams", "NaiveBayes", "NgramBaseline",
           "Vocabulary", "characters", "cut_threads", "describe_input", "hide_each", "is_thread",
           "jieba_words", "leaking", "length_buckets", "normalise", "padding_share",
           "parse_thread", "render_thread", "shuffle_words", "stratified_split", "thread_start",
           "truncate", "words"]
