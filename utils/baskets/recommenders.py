"""Counting recommenders: what everybody buys, and what follows the last items.

All have one interface: `fit(sequences)` counts and returns the recommender, `scores(prefixes)`
returns (prefixes, items) probabilities; column i belongs to `items[i]`.
"""

from collections import Counter, defaultdict

import numpy as np

__all__ = ["MarkovChain", "Popularity"]


class Popularity:
    """Score each item by its share of all purchases, whoever asks.

    Args:
        items: all item codes, in the order of the columns.

    Raises:
        ValueError: if `items` is empty or repeats a code.
    """

    def __init__(self, items):
        self.items = list(items)
        if not self.items or len(set(self.items)) < len(self.items):
            raise ValueError("items must name at least one item and each once, got "
                             f"{len(self.items)} of which {len(set(self.items))} differ.")
        self._column = {item: at for at, item in enumerate(self.items)}
        self._shares = None

    def _columns(self, items):
        try:
            return [self._column[item] for item in items]
        except KeyError as unknown:
            raise ValueError(f"Item {unknown} is not among the {len(self.items)} items "
                             "given.") from None

    def fit(self, sequences):
        """Count the items of a list of `Sequence`; what was counted before is forgotten.

        Raises:
            ValueError: if an item is unknown or there is nothing to count.
        """
        counts = np.zeros(len(self.items))
        for sequence in sequences:
            np.add.at(counts, self._columns(sequence.items), 1)
        if not counts.sum():
            raise ValueError("fit needs at least one purchase, got none.")
        self._shares = counts / counts.sum()
        return self

    def scores(self, prefixes):
        """Return (prefixes, items) probabilities of the next item.

        Args:
            prefixes: list of sequences of item codes, oldest first; one may be empty.

        Raises:
            ValueError: before `fit`.
        """
        if self._shares is None:
            raise ValueError(f"This {type(self).__name__} has counted nothing: call fit first.")
        return np.tile(self._shares, (len(prefixes), 1))


class MarkovChain(Popularity):
    r"""Score each item by how often it followed the last `order` items.

    A context seen rarely leans on the shorter one, and that at last on popularity:
    $p(j|i_1 \dots i_n) = (\mathrm{count}(i_1 \dots i_n j) + \alpha\,p(j|i_2 \dots i_n)) /
    (\mathrm{count}(i_1 \dots i_n) + \alpha)$ (MacKay and Peto 1995).

    Args:
        items: all item codes, in the order of the columns.
        order: how many last items it looks at, >= 1.
        smoothing: $\alpha$, > 0: weight of the shorter context, in purchases.

    Raises:
        ValueError: for an `order` below 1 or a `smoothing` that is not positive.
    """

    def __init__(self, items, order=1, smoothing=5.0):
        super().__init__(items)
        if order < 1 or not smoothing > 0:
            raise ValueError(f"order must be at least 1 and smoothing positive, got {order} and "
                             f"{smoothing}.")
        self.order, self.smoothing = order, smoothing
        self._followers = {}

    def fit(self, sequences):
        super().fit(sequences)
        followers = defaultdict(Counter)        # the last 1, 2, ... order items -> next columns
        for sequence in sequences:
            items, columns = list(sequence.items), self._columns(sequence.items)
            for at in range(1, len(items)):
                for n in range(1, min(self.order, at) + 1):
                    followers[tuple(items[at - n:at])][columns[at]] += 1
        self._followers = dict(followers)
        return self

    def scores(self, prefixes):
        scores = super().scores(prefixes)
        for row, prefix in zip(scores, prefixes, strict=True):
            past = list(prefix)[-self.order:]
            for n in range(1, len(past) + 1):
                counts = self._followers.get(tuple(past[-n:]))
                if not counts:
                    break                       # nor was any longer context ever seen
                row *= self.smoothing
                row[list(counts)] += list(counts.values())
                row /= counts.total() + self.smoothing
        return scores
