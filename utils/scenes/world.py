"""Scenes drawn by lot, each from its own number alone."""

import itertools
import math

import numpy as np

from .render import coverage
from .things import COLOURS, GROUNDS, HELD_OUT, SHAPES, SIDE_PIXELS, SIZES, TEXTURES, Scene, Thing

__all__ = ["SEED", "sample_scene"]

SEED = 11
_RADII = {"small": (6.0, 7.5), "big": (11.0, 13.0)}     # pixels
_CLEAR = 1.3            # how much further apart in one axis than in the other two things are
_HIDDEN = (0.15, 0.55)  # share of a partly hidden thing that is out of sight
_PAIRS = list(itertools.product(COLOURS, SHAPES))
_SEEN_PAIRS = [pair for pair in _PAIRS if pair not in HELD_OUT]


def sample_scene(number, held_out=False, seed=SEED):
    """Return the scene of that number.

    Any two things differ in colour or shape, and either one partly hides the other or they
    stand clear of each other, further apart in one axis than in the other by 30 %.

    Args:
        number: integer >= 0.
        held_out: True for a scene in which one of `HELD_OUT` occurs, False for one without.
        seed: integer >= 0; the same seed and number give the same scene.

    Raises:
        ValueError: if number or seed is negative.

    Example:
        >>> sample_scene(3) == sample_scene(3), sample_scene(4, held_out=True).held_out
        (True, True)
    """
    if number < 0 or seed < 0:
        raise ValueError(f"number and seed must be >= 0, got {number} and {seed}.")
    rng = np.random.default_rng([seed, number, held_out])
    while True:
        scene = _attempt(rng, number, held_out)
        if scene is not None:
            return scene


def _attempt(rng, number, held_out):
    """Return a scene, or None where its things do not fit."""
    count = 2 if rng.random() < 0.4 else 3
    chosen = [_SEEN_PAIRS[k] for k in rng.choice(len(_SEEN_PAIRS), count, replace=False)]
    if held_out:
        secret = sorted(HELD_OUT)
        chosen[rng.integers(count)] = secret[rng.integers(len(secret))]
    ground = GROUNDS[rng.integers(3)]
    horizon = rng.uniform(40, 46) if ground else SIDE_PIXELS
    looks = [(SIZES[rng.integers(2)], TEXTURES[rng.choice(3, p=(0.5, 0.25, 0.25))])
             for _ in chosen]
    hides = rng.random() < 0.5
    light = tuple(np.round(rng.uniform(0.93, 1.04) * rng.uniform(0.98, 1.02, 3), 3).tolist())
    for _ in range(60):
        things = []
        for (colour, shape), (size, texture) in zip(chosen, looks, strict=True):
            near = things[-1] if hides and len(things) == 1 else None
            thing = _place(rng, (shape, colour, size, texture), ground, horizon, near)
            if thing is None or not _fits(thing, things, near):
                break
            things.append(thing)
        else:
            scene = Scene(number, tuple(things), ground, round(horizon, 2), light,
                          ((1, 0),) if hides else ())
            return scene if not hides or _partly_hidden(*things[:2]) else None
    return None


def _place(rng, look, ground, horizon, near):
    """Return a thing somewhere, or so near another that it may hide it; None if it is outside."""
    u = rng.random(6).tolist()
    smallest, largest = _RADII[look[2]]
    radius = smallest + u[0] * (largest - smallest)
    turn = 0.0 if look[0] == "triangle" else 16 * u[1] - 8
    place = None if ground is None else (ground if u[2] < 0.6 else "air")
    left, right = radius + 1, SIDE_PIXELS - 1 - radius      # where its centre may be
    top, bottom = left, right
    if place == "air":
        bottom = horizon - 3 - radius
    elif place:
        top = horizon + 4 - radius
    x, y = left + u[3] * (right - left), top + u[4] * (bottom - top)
    if near is not None:
        angle, far = 2 * math.pi * u[5], (0.5 + 0.45 * u[3]) * (radius + near.radius)
        x, y = near.x + far * math.cos(angle), near.y + far * math.sin(angle)
    if not (left <= x <= right and top <= y <= bottom):
        return None
    return Thing(*look, *(round(value, 2) for value in (x, y, radius, turn)), place)


def _fits(thing, things, near):
    for other in things:
        near_axis, far_axis = sorted((abs(thing.x - other.x), abs(thing.y - other.y)))
        if other is not near and (far_axis < thing.radius + other.radius + 1.5
                                  or far_axis < _CLEAR * near_axis):
            return False
    return True


def _partly_hidden(back, front):
    mask = coverage(back)
    return _HIDDEN[0] <= (mask & coverage(front)).sum() / mask.sum() <= _HIDDEN[1]
