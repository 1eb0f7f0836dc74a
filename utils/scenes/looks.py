"""Where a caption model looks: which thing a word names, and how much of the look falls on it."""

from itertools import pairwise

import numpy as np
import pandas as pd

from .reading import read_caption
from .things import COLOURS, SHAPES

__all__ = ["cell_shares", "looks_at_named", "named_things", "occluded", "seen_around"]

_SIDE = 64                                      # pixels of a scene


def cell_shares(masks, cells=8):
    """Return which share of each cell of a map a mask covers.

    Args:
        masks: (..., 64, 64) bool.
        cells: of the map, per side; a divisor of 64.

    Returns:
        (..., cells·cells) float64, row by row.

    >>> half = np.zeros((64, 64), bool)
    >>> half[:, :32] = True
    >>> cell_shares(half, 2).tolist()
    [1.0, 0.0, 1.0, 0.0]
    """
    masks = np.asarray(masks)
    if masks.shape[-2:] != (_SIDE, _SIDE) or cells < 1 or _SIDE % cells:
        raise ValueError(f"Masks must be (..., 64, 64) and cells a divisor of 64, got shape "
                         f"{masks.shape} and {cells} cells.")
    side = _SIDE // cells
    parts = masks.reshape(*masks.shape[:-2], cells, side, cells, side)
    return parts.mean(axis=(-3, -1)).reshape(*masks.shape[:-2], cells * cells)


def named_things(words, scene):
    """Return where a caption names a thing that no other of the scene can be.

    A name is a colour and, right after it, a shape, such as "red ball".

    Args:
        words: list of strings, in lower case.
        scene: a `Scene`.

    Returns:
        list of (t, k): words[t] is the colour, words[t + 1] the shape of thing k.

    >>> from utils.scenes import Scene, Thing
    >>> ball = Thing("circle", "red", "big", "plain", 20, 20, 12)
    >>> named_things("a red ball and a red star".split(), Scene(0, (ball,)))
    [(1, 0)]
    """
    found = []
    for t, (first, second) in enumerate(pairwise(words)):
        if first not in COLOURS:
            continue
        said = read_caption(f"a {first} {second}").things
        if not said or said[0].get("shape") not in SHAPES:
            continue
        which = [k for k, thing in enumerate(scene.things)
                 if (thing.colour, thing.shape) == (first, said[0]["shape"])]
        if len(which) == 1:
            found.append((t, which[0]))
    return found


def looks_at_named(weights, captions, scenes, shares, rng, n_regions=None):
    """Return how much of each look falls on the thing that is named then.

    Args:
        weights: list of (tokens + 1, regions), as `Decoder.attention` gives them.
        captions: list of strings whose words are the tokens.
        scenes: one `Scene` per caption.
        shares: (captions, things, regions), how much of a region belongs to a thing, such as
            `cell_shares` of the things' masks.
        rng: draws another caption's look for each.
        n_regions: (captions,), how many regions there are, if some are padding. A look is then
            compared with one at as many.

    Returns:
        DataFrame, one row per name and word: `caption`, `position` of the word in it, `word`
        ("colour" or "shape"), `thing`, `mass` on that thing, `chance`, what a look at everything
        alike puts on it, `elsewhere`, what the look at such another name does, and `others`, the
        mass on another thing of the scene (the mean, of two); NaN where there is no other.

    Raises:
        ValueError: if no caption names a thing.
    """
    rows, looks = [], []
    for c, (caption, scene) in enumerate(zip(captions, scenes, strict=True)):
        for t, k in named_things(caption.split(), scene):
            rows += [(c, t, "colour", k), (c, t + 1, "shape", k)]
            looks += [weights[c][t], weights[c][t + 1]]
    if not rows:
        raise ValueError("No caption names a thing of its scene by colour and shape.")
    table = pd.DataFrame(rows, columns=["caption", "position", "word", "thing"])
    looks = np.array(looks)
    caption, thing = table["caption"].to_numpy(), table["thing"].to_numpy()
    shares = np.asarray(shares)
    on = shares[caption, thing]                                         # (looks, regions)
    n = np.full(len(on), on.shape[1]) if n_regions is None else np.asarray(n_regions)[caption]
    swapped = np.empty_like(looks)
    for _, group in table.groupby(["word", n]):
        same = rng.permutation(group.index)
        swapped[same] = looks[np.roll(same, 1)] if len(same) > 1 else np.nan
    things = np.array([len(scene.things) for scene in scenes])[caption]
    is_other = np.arange(shares.shape[1]) < things[:, None]
    is_other[np.arange(len(thing)), thing] = False
    masses = np.einsum("lr,lkr->lk", looks, shares[caption])
    return table.assign(
        mass=(looks * on).sum(axis=1), chance=on.sum(axis=1) / n,
        elsewhere=(swapped * on).sum(axis=1),
        others=pd.DataFrame(masses).where(is_other).mean(axis=1))


def seen_around(cells):
    """Return the pixel in the middle of what each place of an 8x8 map sees: x and y.

    The encoder's strided convolutions pad on the right and below alone, so the middle lies three
    pixels right of and below the middle of the place's cell; 16 more are seen to each side.

    >>> [int(at) for at in seen_around(9)]
    [15, 15]
    """
    row, column = np.divmod(np.asarray(cells), 8)
    return 8 * column + 7, 8 * row + 7


def occluded(images, x, y, side=16):
    """Return images with a grey square of `side` pixels around one pixel each.

    Args:
        images: (images, 64, 64, 3) uint8.
        x, y: (images,) the pixels, from the left and from the top.
        side: in pixels; a square at the border is moved inside.
    """
    hidden = images.copy()
    for image, *at in zip(hidden, x, y, strict=True):
        left, top = (int(np.clip(round(middle) - side // 2, 0, _SIDE - side)) for middle in at)
        image[top:top + side, left:left + side] = 128
    return hidden
