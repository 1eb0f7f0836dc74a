"""From a table of orders to sequences: cleaning, pairs and rules, recommenders, their scores.

`clean_transactions` mends the table, `customer_sequences` lays it out by customer, oldest
purchase first, and `split_by_time` keeps the future out of the training part.
"""

from .cleaning import clean_transactions
from .ranking import hit_rate, mean_reciprocal_rank, target_ranks
from .recommenders import MarkovChain, Popularity
from .rules import item_pairs, sequential_rules
from .sequences import (
    Sequence,
    customer_sequences,
    next_order_targets,
    prefix_array,
    split_by_time,
)

__all__ = [
    "MarkovChain", "Popularity", "Sequence", "clean_transactions",
    "customer_sequences", "hit_rate", "item_pairs", "mean_reciprocal_rank",
    "next_order_targets", "prefix_array", "sequential_rules", "split_by_time", "target_ranks",
]
