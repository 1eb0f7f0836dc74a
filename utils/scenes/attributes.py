"""Which statements of a caption are true of its scene, which are not, and what is not said."""

from dataclasses import dataclass, field
from itertools import permutations

from .reading import read_caption

__all__ = ["attribute_accuracy", "exact_attributes"]


@dataclass
class Verdict:
    """Statements of a caption, each (kind, what): `right`, `wrong`, and `missing` facts."""

    right: list = field(default_factory=list)
    wrong: list = field(default_factory=list)
    missing: list = field(default_factory=list)


def exact_attributes(caption, scene):
    """Return which statements of a caption are right and wrong, and which facts are missing.

    Each thing mentioned is taken for that thing of the scene which makes most statements
    right; one mentioned beyond those there are is wrong in all that is said of it.

    Args:
        caption: string.
        scene: a `Scene`.

    Returns:
        A `Verdict`; the kinds are "shape", "colour", "size", "texture", "place", "side",
        "relation" and "number".

    Example:
        >>> from utils.scenes import sample_scene
        >>> exact_attributes("four words about nothing", sample_scene(0)).right
        []
    """
    said, things = read_caption(caption), range(len(scene.things))
    spare = [None] * max(0, len(said.things) - len(scene.things))
    best = None
    for order in set(permutations([*things, *spare], len(said.things))):
        right, wrong = _judge(said, scene, order)
        named = sum(kind in ("shape", "colour") for kind, _ in right)
        score = (named, len(right), [-1 if k is None else -k for k in order])
        if best is None or score > best[0]:
            best = (score, order, right, wrong)
    _, order, right, wrong = best
    return Verdict(right, wrong, _missing(said, scene, order))


def _true_of(thing, kind, value):
    if kind == "place" and value == "ground":
        return thing.place in ("grass", "sand")
    return getattr(thing, kind) == value


def _judge(said, scene, order):
    """Return (right, wrong) where thing i of the caption is thing order[i] of the scene."""
    right, wrong = [], []

    def note(is_right, kind, what):
        (right if is_right else wrong).append((kind, what))

    for told, k in zip(said.things, order, strict=True):
        for kind, value in told.items():
            note(k is not None and _true_of(scene.things[k], kind, value), kind, value)
    for i, relation, j in said.relations:
        true = None in (order[i], order[j]) or scene.relation(order[i], order[j])
        wanted = ("left", "right") if relation == "beside" else (relation,)
        note(true in wanted, "relation", relation)
    for parts in said.between:
        i, j, k = (order[part] for part in parts)
        axes = None if None in (i, j, k) or len({i, j, k}) < 3 else {
            scene.relation(i, j), scene.relation(i, k)}
        note(axes in ({"left", "right"}, {"above", "below"}), "relation", "between")
    if said.number is not None:
        note(said.number == len(scene.things), "number", str(said.number))
    return right, wrong


def _missing(said, scene, order):
    missing = []
    for k, thing in enumerate(scene.things):
        told = said.things[order.index(k)] if k in order else {}
        kinds = ["shape", "colour", "size"] + ["texture"] * (thing.texture != "plain")
        missing += [(kind, getattr(thing, kind)) for kind in
                    kinds + ["place"] * (thing.place is not None) if kind not in told]
    related = {frozenset((order[i], order[j])) for i, _, j in said.relations}
    related |= {frozenset((order[i], order[other])) for i, *both in said.between
                for other in both}
    missing += [("relation", scene.relation(i, j)) for i in range(len(scene.things))
                for j in range(i) if frozenset((i, j)) not in related]
    return missing


def attribute_accuracy(captions, scenes):
    """Return how often captions are right, as shares from 0 to 1.

    Args:
        captions: strings, one per scene.
        scenes: `Scene` objects.

    Returns:
        dict: for each kind that is said at all, the share of its statements that are right;
        "all" over every kind; "true" the share of captions that say something and nothing
        wrong; "told" the share of the scenes' facts that are said, and right.

    Raises:
        ValueError: if there are none, or not one caption per scene.
    """
    captions, scenes = list(captions), list(scenes)
    if len(captions) != len(scenes) or not captions:
        raise ValueError(f"Each scene needs one caption: got {len(captions)} captions for "
                         f"{len(scenes)} scenes.")
    verdicts = [exact_attributes(*both) for both in zip(captions, scenes, strict=True)]
    right = [kind for verdict in verdicts for kind, _ in verdict.right]
    wrong = [kind for verdict in verdicts for kind, _ in verdict.wrong]
    missing = sum(len(verdict.missing) for verdict in verdicts)
    shares = {kind: right.count(kind) / (right.count(kind) + wrong.count(kind))
              for kind in sorted({*right, *wrong})}
    shares["all"] = len(right) / max(len(right) + len(wrong), 1)
    shares["true"] = sum(bool(v.right) and not v.wrong for v in verdicts) / len(verdicts)
    shares["told"] = len(right) / max(len(right) + len(wrong) + missing, 1)
    return shares
