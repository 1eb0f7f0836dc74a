"""Characters predicted from the few before them: the baseline that a network has to beat."""

import numpy as np

__all__ = ["CharacterNgrams"]


class CharacterNgrams:
    r"""An interpolated n-gram model of characters, smoothed by modified Kneser-Ney.

    The chance of a character after a context is that of its discounted count there, and the
    discounts' share goes to the context without its oldest character, down to equal chances of
    all signs of the alphabet. Contexts below the longest count in how many longer ones a
    character was seen, not how often.

    Args:
        alphabet: `Alphabet`; score a network on the same one.
        order: characters of the longest n-gram, the predicted one included, >= 1.

    Source: Chen & Goodman, An empirical study of smoothing techniques for language modeling
    (1999), section 3.

    Example:
        >>> from utils.text import Alphabet
        >>> model = CharacterNgrams(Alphabet.fit("ab"), order=2).fit("abababab")
        >>> model.distribution("a").round(1).tolist()        # unknown, a, b
        [0.0, 0.0, 1.0]
    """

    def __init__(self, alphabet, order=5):
        if order < 1:
            raise ValueError(f"order must be at least 1, got {order}.")
        self.alphabet, self.order = alphabet, order
        self._levels = None

    def fit(self, text):
        """Learn from one string; return self. Texts that end in a mark of their own: join them.

        Raises:
            ValueError: if the text is empty.
        """
        if not text:
            raise ValueError("The text is empty: there is nothing to count.")
        numbers, n_signs = self.alphabet.encode(text), len(self.alphabet)
        # Before the text stands a number that no character has, so every context is full.
        padded = np.concatenate([np.full(self.order - 1, n_signs), numbers]).astype("int64")
        contexts, parents, keys = np.zeros(len(numbers), "int64"), [], []
        for length in range(1, self.order):     # contexts grow backwards, one character older
            start = self.order - 1 - length
            older = padded[start:start + len(numbers)]
            known, contexts = np.unique(contexts * (n_signs + 1) + older, return_inverse=True)
            keys.append(known)
            parents.append(known // (n_signs + 1))
        grams, counts = np.unique(contexts * n_signs + numbers, return_counts=True)
        levels = [_Level(keys[-1] if keys else None, grams, counts, n_signs)]
        for length in range(self.order - 2, -1, -1):
            seen = parents[length][grams // n_signs] * n_signs + grams % n_signs
            grams, counts = np.unique(seen, return_counts=True)
            levels.append(_Level(keys[length - 1] if length else None, grams, counts, n_signs))
        self._levels = levels[::-1]             # shortest context first
        return self

    def distribution(self, context):
        """Return the chances of every sign of the alphabet after a context, (signs,), sum 1.

        Args:
            context: string; its last `order` - 1 characters count, before its first one the
                beginning of a text is assumed.

        Raises:
            ValueError: before `fit`.
        """
        self._check()
        n_signs = len(self.alphabet)
        chances, place = np.full(n_signs, 1 / n_signs), 0
        for level, older in zip(self._levels, [0, *self._reversed(context)], strict=True):
            place = level.find(place, older)
            if place is None:
                break
            chances = level.share[place] * chances
            part = slice(*np.searchsorted(level.grams, [place * n_signs, (place + 1) * n_signs]))
            chances[level.grams[part] % n_signs] += level.kept[part] / level.totals[place]
        return chances

    def nats(self, text, context=""):
        """Return (characters,) minus the natural logarithms of the chances of a text's characters.

        Args:
            text: string; characters outside the alphabet count as its unknown sign.
            context: what stands before it; nothing means the beginning of a text.

        Raises:
            ValueError: before `fit`.
        """
        self._check()
        n_signs, past = len(self.alphabet), self._reversed(context)[::-1]
        numbers = self.alphabet.encode(text).astype("int64")
        padded = np.concatenate([past, numbers]).astype("int64")
        chances = np.full(len(numbers), 1 / n_signs)
        places, alive = np.zeros(len(numbers), "int64"), np.arange(len(numbers))
        for length, level in enumerate(self._levels):
            if length:
                older = padded[self.order - 1 - length:][alive]
                places, found = _look_up(level.keys, places * (n_signs + 1) + older)
                places, alive = places[found], alive[found]
            grams, found = _look_up(level.grams, places * n_signs + numbers[alive])
            kept = np.where(found, level.kept[grams], 0.0) / level.totals[places]
            chances[alive] = kept + level.share[places] * chances[alive]
        return -np.log(chances)

    def bits_per_character(self, text, context=""):
        """Return the mean bits that a text's characters cost; see `nats`.

        Raises:
            ValueError: if the text is empty, or before `fit`.
        """
        if not text:
            raise ValueError("The text is empty: it has no bits per character.")
        return float(self.nats(text, context).mean() / np.log(2))

    def _reversed(self, context):
        """Return the numbers of the last characters, the newest first, `order` - 1 of them."""
        n_past = self.order - 1
        numbers = self.alphabet.encode(context[-n_past:] if n_past else "")[::-1].tolist()
        return numbers + [len(self.alphabet)] * (n_past - len(numbers))

    def _check(self):
        if self._levels is None:
            raise ValueError("CharacterNgrams has learnt nothing yet: call fit first.")


class _Level:
    """The contexts of one length: what follows each, and how much each leaves to shorter ones.

    Attributes:
        keys: sorted keys of the contexts, (shorter context, older character); None at length 0.
        grams: sorted keys of what was seen, (context, character).
        kept: (grams,) counts after the discount.
        totals: (contexts,) sums of the counts.
        share: (contexts,) what goes to the shorter context.
    """

    def __init__(self, keys, grams, counts, n_signs):
        self.keys, self.grams, self._width = keys, grams, n_signs + 1
        contexts = grams // n_signs
        discounts = _discounts(counts)[np.minimum(counts, 3)]
        self.kept = counts - discounts
        self.totals = np.bincount(contexts, counts)
        self.share = np.bincount(contexts, discounts) / self.totals

    def find(self, shorter, older):
        """Return the place of a context, or None if it was never seen."""
        if self.keys is None:
            return 0
        place, found = _look_up(self.keys, np.array([shorter * self._width + older]))
        return int(place[0]) if found[0] else None


def _discounts(counts):
    """Return what is taken from a count of 0, 1, 2 and 3 or more, (4,)."""
    n = [int((counts == k).sum()) for k in range(1, 5)]
    base = n[0] / (n[0] + 2 * n[1]) if n[0] else 0.5
    # Too few counts of one kind: the usual 0.5 to 1.5 instead of a ratio that means nothing.
    ratios = [k - (k + 1) * base * n[k] / n[k - 1] if n[k - 1] and n[k] else k / 2
              for k in (1, 2, 3)]
    return np.array([0.0, *(np.clip(ratio, 0.02 * k, 0.98 * k)
                            for k, ratio in enumerate(ratios, 1))])


def _look_up(keys, wanted):
    """Return the places of the wanted values in sorted keys, and whether each is there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted
