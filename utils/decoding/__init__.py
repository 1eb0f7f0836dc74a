"""Writing with a model that says what may come next: sampling and search, without a framework."""

from .beam import Signs, beam_search, greedy_search, length_penalty
from .sampling import (
    PLAIN,
    Draw,
    Written,
    gumbel_noise,
    log_softmax,
    next_log_probs,
    sample,
    weaken_repeats,
    write,
)

__all__ = ["PLAIN", "Draw", "Signs", "Written", "beam_search", "greedy_search", "gumbel_noise",
           "length_penalty", "log_softmax", "next_log_probs", "sample", "weaken_repeats", "write"]
