"""Captions of a scene as people might write them: what is said, in which order, in which words."""

import numpy as np

from .world import SEED

__all__ = ["captions_of"]

_NOUNS = {"circle": ["ball", "ball", "circle"], "square": ["square", "square", "box"],
          "triangle": ["triangle"], "star": ["star"], "cross": ["cross"]}
_PLURAL = {"ball": "balls", "circle": "circles", "square": "squares", "box": "boxes",
           "triangle": "triangles", "star": "stars", "cross": "crosses"}
_SIZE = {"small": ["small", "small", "little", "tiny"], "big": ["big", "big", "large"]}
_TEXTURE = {"striped": ["striped"], "dotted": ["dotted", "spotted"], "plain": ["plain"]}
_WITH = {"striped": ["with stripes"], "dotted": ["with dots", "with spots"]}
_RELATION = {
    "left": ["to the left of", "left of", "on the left of", "beside", "next to"],
    "right": ["to the right of", "right of", "on the right of", "beside", "next to"],
    "above": ["above", "above", "over"], "below": ["below", "under", "underneath"],
    "front": ["in front of", "partly hiding", "partly covering"],
    "behind": ["behind", "partly hidden by", "peeking out from behind"]}
_FRONTED = {"left": ["to the left of"], "right": ["to the right of"], "above": ["above"],
            "below": ["below", "under"], "front": ["in front of"], "behind": ["behind"]}
_ITS = {"left": ["to its left", "on its left"], "right": ["to its right", "on its right"],
        "above": ["above it", "over it"], "below": ["below it", "under it"],
        "front": ["in front of it"], "behind": ["behind it"]}
_PLACES = {"grass": ["on the grass", "on the grass", "on the ground"],
           "sand": ["on the sand", "on the sand", "on the ground"],
           "air": ["in the air", "floating in the air"]}
_NUMBER = {2: "two", 3: "three"}


def captions_of(scene, count=5, seed=SEED):
    """Return captions of a scene, all different, each of them true.

    Args:
        scene: a `Scene`.
        count: how many, 1 to 20.
        seed: integer >= 0; the same seed gives the same captions.

    Returns:
        A list of strings such as "A red ball is left of a small square .".

    Raises:
        ValueError: if count is out of range.
    """
    if not 1 <= count <= 20:
        raise ValueError(f"count must be 1 to 20, got {count}.")
    writer = _Writer(scene, np.random.default_rng([seed, scene.number, scene.held_out, 1]))
    captions = []
    while len(captions) < count:
        caption = writer.caption()
        if caption not in captions:
            captions.append(caption)
    return captions


class _Writer:
    """Writes one scene's captions; each way of saying it is a method that may return None."""

    def __init__(self, scene, rng):
        self.scene, self.things, self.rng = scene, scene.things, rng
        self.ways = [self.pair, self.pair, self.fronted, self.having, self.having, self.listing,
                     self.standing]
        self.ways += [self.sides] if len(self.things) == 2 else [
            self.chain, self.chain, self.twofold, self.between, self.between]

    def pick(self, choices):
        return choices[self.rng.integers(len(choices))]

    def chance(self, share):
        return self.rng.random() < share

    def caption(self):
        """Return one caption; ways that do not suit the scene are passed over."""
        text = None
        while text is None:
            self.said = {}                      # thing: (noun, colour or None)
            self.order = [int(k) for k in self.rng.permutation(len(self.things))]
            text = self.pick(self.ways)()
        end = " ." if self.chance(0.9) else ""
        return text[0].upper() + text[1:] + end

    def thing(self, k):
        """Return a first mention of thing k, such as "a small red ball with dots"."""
        thing, words, tail = self.things[k], [], ""
        noun = self.pick(_NOUNS[thing.shape])
        colour = thing.colour if self.chance(0.92) else None
        if self.chance(0.4):
            words.append(self.pick(_SIZE[thing.size]))
        if self.chance(0.6 if thing.texture != "plain" else 0.04):
            if thing.texture != "plain" and self.chance(0.3):
                tail = " " + self.pick(_WITH[thing.texture])
            else:
                words.append(self.pick(_TEXTURE[thing.texture]))
        words += [colour] if colour else []
        self.said[k] = (noun, colour)
        text = " ".join([*words, noun])
        return f"{'an' if text[0] == 'o' else 'a'} {text}{tail}"

    def again(self, k):
        """Return a second mention of thing k, such as "the ball", which no other can be."""
        noun, colour = self.said[k]
        alike = [self.things[i].shape for i in self.said].count(self.things[k].shape)
        if alike > 1 and colour is None:
            return None
        with_colour = alike > 1 or (colour is not None and self.chance(0.2))
        return f"the {colour} {noun}" if with_colour else f"the {noun}"

    def relation(self, i, j, table=_RELATION):
        return self.pick(table[self.scene.relation(i, j)])

    def opening(self):
        return self.pick(["", "", "", "there is ", "we see "])

    def where(self, i, j):
        """Return " on the grass" or the like if it holds for both and is said, else ""."""
        place = self.things[i].place
        said = place and place == self.things[j].place and self.chance(0.5)
        return " " + self.pick(_PLACES[place]) if said else ""

    def pair(self):
        i, j = self.order[:2]
        first, opening = self.thing(i), self.opening()
        there = self.relation(i, j)
        verb = self.pick(["", "is ", "is "]) if not opening else ""
        return f"{opening}{first} {verb}{there} {self.thing(j)}{self.where(i, j)}"

    def fronted(self):
        i, j = self.order[:2]
        there, verb = self.relation(i, j, _FRONTED), self.pick(["is", "there is", "we see"])
        return f"{there} {self.thing(j)} {verb} {self.thing(i)}"

    def having(self):
        i, j = self.order[:2]
        verb = self.pick(["with", "has", "with"])
        return f"{self.thing(i)} {verb} {self.thing(j)} {self.relation(j, i, _ITS)}"

    def standing(self):
        i, j = self.order[:2]
        place = self.things[i].place
        if place is None:
            return None
        where = self.pick(_PLACES[place])
        if place == "air":
            verb, where = ("floats", "in the air") if self.chance(0.5) else ("is", where)
        else:
            verb = self.pick(["stands", "sits", "is", "rests"])
        if self.chance(0.3):
            return f"{where} {'is' if verb == 'floats' else verb} {self.thing(i)}"
        if self.chance(0.4):
            return f"{self.thing(i)} {verb} {where} {self.relation(i, j)} {self.thing(j)}"
        first = self.thing(i)
        there = self.relation(j, i, _ITS)
        return f"{first} {verb} {where} , with {self.thing(j)} {there}"

    def listing(self):
        shapes, tail = [thing.shape for thing in self.things], ""
        places = {thing.place for thing in self.things}
        if len(places) == 1 and None not in places:
            tail = " " + self.pick(_PLACES[places.pop()])
        twins = [k for k in self.order if shapes.count(shapes[k]) == 2]
        if twins and self.chance(0.7):
            noun = _PLURAL[self.pick(_NOUNS[shapes[twins[0]]])]
            rest = [self.thing(k) for k in self.order if k not in twins]
            return " and ".join([f"two {noun}", *rest]) + tail
        *first, last = (self.thing(k) for k in self.order)
        listed = f"{' , '.join(first)} and {last}{tail}"
        if self.chance(0.25):
            kind = self.pick(["shapes", "things"])
            return f"{_NUMBER[len(shapes)]} {kind}{tail} : {listed.removesuffix(tail)}"
        return self.opening() + listed

    def sides(self):
        i, j = self.order
        if None in (self.things[i].side, self.things[j].side) or (
                self.things[i].side == self.things[j].side):
            return None
        sides = [self.things[k].side for k in (i, j)]
        if self.chance(0.5):
            return (f"on the {sides[0]} is {self.thing(i)} and on the {sides[1]} "
                    f"{self.pick(['', 'there is '])}{self.thing(j)}")
        return f"{self.thing(i)} on the {sides[0]} and {self.thing(j)} on the {sides[1]}"

    def chain(self):
        i, j, k = self.order
        first = f"{self.thing(i)} is {self.relation(i, j)} {self.thing(j)}"
        third, seen = self.thing(k), self.pick([i, j])
        target = self.again(seen)
        if target is None:
            return None
        return f"{first} , and {third} is {self.relation(k, seen)} {target}"

    def twofold(self):
        i, j, k = self.order
        if self.scene.relation(i, j) == self.scene.relation(i, k):
            return None
        return (f"{self.thing(i)} is {self.relation(i, j)} {self.thing(j)} and "
                f"{self.relation(i, k)} {self.thing(k)}")

    def between(self):
        for i, j, k in (self.order, self.order[1:] + self.order[:1], self.order[::-1]):
            if {self.scene.relation(i, j), self.scene.relation(i, k)} in (
                    {"left", "right"}, {"above", "below"}):
                break
        else:
            return None
        opening = self.opening()
        verb = "" if opening else self.pick(["", "is "])
        return f"{opening}{self.thing(i)} {verb}between {self.thing(j)} and {self.thing(k)}"
