"""What a caption says, read back from its words; it knows nothing of how captions are made."""

import re
from dataclasses import dataclass, field

from .things import COLOURS

__all__ = ["Said", "read_caption"]

_PHRASES = {
    "shape": {"circle": "circle ball disc", "square": "square box", "triangle": "triangle",
              "star": "star", "cross": "cross plus", "": "thing shape object"},
    "colour": {colour: colour for colour in COLOURS},
    "size": {"small": "small little tiny", "big": "big large"},
    "texture": {"striped": "striped", "dotted": "dotted spotted", "plain": "plain"},
    "tail": {"striped": "with_stripes", "dotted": "with_dots with_spots"},
    "relation": {
        "left": "to_the_left_of on_the_left_of on_the_left_side_of left_of",
        "right": "to_the_right_of on_the_right_of on_the_right_side_of right_of",
        "above": "above over", "below": "below under underneath beneath",
        "front": "in_front_of partly_hiding partly_covering partly_hides partly_covers",
        "behind": "behind partly_hidden_by partly_covered_by partly_hidden_behind",
        "beside": "beside next_to", "between": "between"},
    "its": {"left": "to_its_left on_its_left", "right": "to_its_right on_its_right"},
    "side": {"left": "on_the_left on_the_left_side", "right": "on_the_right on_the_right_side"},
    "place": {"grass": "on_the_grass on_grass", "sand": "on_the_sand on_sand",
              "ground": "on_the_ground", "air": "in_the_air floating floats"},
    "number": {"2": "two both", "3": "three"},
    "mark": {"the": "the", "it": "it", "and": "and ,", "stop": ". ;"},
}
_MEANING = {phrase.replace("_", " "): (kind, value) for kind, values in _PHRASES.items()
            for value, phrases in values.items() for phrase in phrases.split()}
_PLURALS = {"box": "boxes", "cross": "crosses"}
_MEANING |= {_PLURALS.get(word, word + "s"): ("shapes", value)
             for word, (kind, value) in list(_MEANING.items()) if kind == "shape"}
_WORDS = re.compile("|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)"
                             for phrase in sorted(_MEANING, key=len, reverse=True)))


@dataclass
class Said:
    """What a caption says: a dict per thing mentioned, and how these things relate.

    Attributes:
        things: list of {"shape", "colour", "size", "texture", "place" or "side": value}.
        relations: list of (i, relation, j): thing i of the list is, say, "left" of thing j;
            besides those of a scene there is "beside", which is left or right of it.
        between: list of (i, j, k): thing i is between j and k.
        number: of all things, or None.
    """

    things: list = field(default_factory=list)
    relations: list = field(default_factory=list)
    between: list = field(default_factory=list)
    number: int | None = None


def read_caption(caption):
    """Return what a caption says; words it does not know are passed over.

    Example:
        >>> said = read_caption("a big red ball is left of a star on the grass")
        >>> said.things[0], said.relations
        ({'size': 'big', 'colour': 'red', 'shape': 'circle'}, [(0, 'left', 1)])
    """
    reader = _Reader()
    for match in _WORDS.finditer(" ".join(caption.lower().split())):
        kind, value = _MEANING[match.group()]
        getattr(reader, f"_{kind}", reader._adjective)(kind, value)
    return reader.said


class _Reader:
    """Reads word by word; one method per kind of word."""

    def __init__(self):
        self.said = Said()
        self._stop()

    def _stop(self):
        """Begin a sentence: no thing of it is known yet."""
        self.here, self.subject, self.joined, self.related = [], None, False, False
        self.waiting, self.fronted, self.ahead, self.pair = None, None, {}, None
        self._noun_ends()

    def _noun_ends(self):
        self.pending, self.known, self.count = {}, False, 1

    def _mark(self, _, value):
        if value == "stop":
            self._stop()
        elif value == "and":
            self.joined = True
        elif value == "the":
            self.known, self.pending = True, {}
        elif self.waiting and self.here:            # "above it"
            _, relation = self.waiting
            self._relate(self.here[-1], relation, self.here[0])
            self.waiting = None

    def _adjective(self, kind, value):
        self.pending[kind] = value

    def _tail(self, _, value):                      # "a ball with stripes"
        if self.here:
            self.said.things[self.here[-1]]["texture"] = value

    def _number(self, _, value):
        self.count = int(value)

    def _shapes(self, _, value):
        count = max(self.count, 2)
        if not value:
            self.said.number = count
            self._noun_ends()
            return
        pending = dict(self.pending)
        for _ in range(count):
            self.pending = dict(pending)
            self._shape("shape", value)

    def _shape(self, _, value):
        told = dict(self.pending, **({"shape": value} if value else {}))
        k = next((i for i in reversed(range(len(self.said.things)))
                  if self.known and told.items() <= self.said.things[i].items()), None)
        if k is None:
            self.said.things.append(told)
            k = len(self.said.things) - 1
        self.said.things[k].update(self.ahead)
        self._noun_ends()
        self.ahead = {}
        if self.pair is not None:
            self.pair.append(k)
            if len(self.pair) == 3:
                self.said.between.append(tuple(self.pair))
                self.pair = None
        elif self.waiting and self.waiting[0] is None:
            self.fronted, self.waiting = (k, self.waiting[1]), None
        elif self.waiting:
            subject, relation = self.waiting
            self._relate(subject, relation, k)
            self.subject, self.waiting = subject, None
        elif self.fronted:
            self._relate(k, self.fronted[1], self.fronted[0])
            self.fronted = None
        self.here.append(k)
        self.joined = False

    def _relate(self, i, relation, j):
        self.related = True
        if i != j:
            self.said.relations.append((i, relation, j))

    def _relation(self, _, value):
        subject = self.here[-1] if self.here else None
        if self.joined and self.subject is not None:
            subject = self.subject
        if value == "between":
            self.pair = None if subject is None else [subject]
        else:
            self.waiting = (subject, value)

    def _its(self, _, value):
        if self.here:
            self._relate(self.here[-1], value, self.here[0])

    def _place(self, kind, value):
        if not self.here or (self.joined and kind == "side"):
            self.ahead[kind] = value
            return
        whole = self.here if kind == "place" and not self.related else self.here[-1:]
        for k in whole:
            self.said.things[k].setdefault(kind, value)

    _side = _place
