"""From a model's probabilities to tokens: greedy and beam search."""

from .beam import Hypothesis, beam_search, greedy_search, length_penalty

__all__ = ["Hypothesis", "beam_search", "greedy_search", "length_penalty"]
