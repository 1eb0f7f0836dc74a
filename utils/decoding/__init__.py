"""Writing with a model that says what may come next: sampling and search, without a framework."""

from .beam import beam_search, greedy_search, length_penalty
from .sampling import (
           Written,
           check_options,
           gumbel_noise,
           log_softmax,
           next_log_probs,
           sample,
           weaken_repeats,
           write,
)

__all__ = ["Written", "beam_search", "check_options", "greedy_search", "gumbel_noise",
           "length_penalty", "log_softmax", "next_log_probs", "sample", "weaken_repeats", "write"]
