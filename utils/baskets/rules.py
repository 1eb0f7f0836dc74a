"""Counting rules: what is bought together, and what is bought afterwards."""

from collections import Counter, defaultdict
from itertools import permutations

import numpy as np
import pandas as pd

__all__ = ["item_pairs", "sequential_rules"]


def item_pairs(orders, min_orders=1):
    """Count which items share an order.

    Args:
        orders: iterable of the items of one order each (a repeated item counts once), such as
            `clean.groupby("order_id")["item_code"].agg(list)`.
        min_orders: pairs in fewer orders are left out, >= 1.

    Returns:
        DataFrame, strongest lift first, with both directions of every pair: `item`, `other`,
        `orders` (with both), `support` = P(both), `confidence` = P(other | item) and
        `lift` = confidence / P(other); 1 means that the two have nothing to do with each other.

    Raises:
        ValueError: if `min_orders` is below 1 or there are no orders.

    Example:
        >>> pairs = item_pairs([["ink", "paper"], ["ink", "paper"], ["ink"], ["tea"]])
        >>> print(pairs.head(1).round(2).to_string(index=False))
        item other  orders  support  confidence  lift
         ink paper       2      0.5        0.67  1.33
    """
    if min_orders < 1:
        raise ValueError(f"min_orders must be at least 1, got {min_orders}.")
    baskets = [sorted(set(order)) for order in orders]
    if not baskets:
        raise ValueError("item_pairs needs at least one order, got none.")
    single = Counter(item for basket in baskets for item in basket)
    both = Counter(pair for basket in baskets for pair in permutations(basket, 2))
    n = len(baskets)
    rows = [(item, other, count, count / n, count / single[item],
             count * n / (single[item] * single[other]))
            for (item, other), count in both.items() if count >= min_orders]
    table = pd.DataFrame(rows, columns=["item", "other", "orders", "support", "confidence",
                                        "lift"])
    return table.sort_values(["lift", "orders", "item", "other"], ignore_index=True,
                             ascending=[False, False, True, True])


def sequential_rules(sequences, max_gap, min_count=1):
    """Count which item follows which within the next `max_gap` purchases.

    Only purchases with `max_gap` others after them count: at the end of a sequence nobody knows
    what would have followed.

    Args:
        sequences: list of `Sequence`.
        max_gap: how many purchases to look ahead, >= 1.
        min_count: rules seen less often are left out, >= 1.

    Returns:
        DataFrame, strongest lift first: `item`, `then` (may be the same item), `count` (how
        often `item` was followed), `confidence` = P(then within reach | item), `lift` =
        confidence / P(then within reach of any purchase), and `median_days` to the first
        `then`.

    Raises:
        ValueError: if `max_gap` or `min_count` is below 1.
    """
    if max_gap < 1 or min_count < 1:
        raise ValueError(f"max_gap and min_count must be at least 1, got {max_gap} and "
                         f"{min_count}.")
    single, reached, days = Counter(), Counter(), defaultdict(list)
    for sequence in sequences:
        for at in range(len(sequence) - max_gap):
            single[sequence.items[at]] += 1
            seen = set()
            for later in range(at + 1, at + max_gap + 1):
                then = sequence.items[later]
                if then not in seen:
                    seen.add(then)
                    gap = (sequence.times[later] - sequence.times[at]).astype(float) / 86400
                    days[sequence.items[at], then].append(gap)
            reached.update(seen)
    n = single.total()
    rows = [(item, then, len(gaps), len(gaps) / single[item],
             len(gaps) * n / (single[item] * reached[then]), float(np.median(gaps)))
            for (item, then), gaps in days.items() if len(gaps) >= min_count]
    table = pd.DataFrame(rows, columns=["item", "then", "count", "confidence", "lift",
                                        "median_days"])
    return table.sort_values(["lift", "count", "item", "then"], ignore_index=True,
                             ascending=[False, False, True, True])
