"""A scene drawn as an image of 64x64 pixels, with the true mask and box of each thing."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from .things import SIDE_PIXELS

__all__ = ["boxes_of", "coverage", "draw", "visible_masks"]

_SHARP = 4                                      # drawn so many times larger, then scaled down
_PAINT = {"red": (214, 40, 40), "blue": (38, 84, 210), "green": (24, 128, 56),
          "yellow": (246, 208, 32), "purple": (132, 44, 160), "orange": (242, 126, 24)}
_SKY, _GROUND = (226, 234, 242), {"grass": (172, 204, 138), "sand": (224, 200, 156)}
_PALE = (255, 250, 240)                         # of stripes and dots


def _points(shape, radius):
    """Return the corners of a shape around (0, 0); no corner is further out than `radius`."""
    if shape == "square":
        corners = [(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)]
    elif shape == "triangle":
        corners = [(0, -1), (0.97, 0.85), (-0.97, 0.85)]
    elif shape == "star":
        corners = [(length * math.sin(k * math.pi / 5), -length * math.cos(k * math.pi / 5))
                   for k, length in enumerate([1, 0.44] * 5)]
    else:
        w = 0.36
        corners = [(-w, -1), (w, -1), (w, -w), (1, -w), (1, w), (w, w),
                   (w, 1), (-w, 1), (-w, w), (-1, w), (-1, -w), (-w, -w)]
    return [(radius * x, radius * y) for x, y in corners]


def _stencil(thing):
    """Return (mask, left, top): an enlarged image of what the thing covers, and its corner."""
    reach = math.ceil(thing.radius * 1.1) + 1
    left, top = math.floor(thing.x) - reach, math.floor(thing.y) - reach
    mask = Image.new("L", ((2 * reach + 1) * _SHARP,) * 2)
    x, y, radius = ((value * _SHARP) for value in (thing.x - left, thing.y - top, thing.radius))
    pen = ImageDraw.Draw(mask)
    if thing.shape == "circle":
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    else:
        cos, sin = math.cos(math.radians(thing.turn)), math.sin(math.radians(thing.turn))
        pen.polygon([(x + cos * u - sin * v, y + sin * u + cos * v)
                     for u, v in _points(thing.shape, radius)], fill=255)
    return mask, left * _SHARP, top * _SHARP


def _pattern(thing, size):
    """Return the enlarged image of stripes or dots, 255 where it is pale."""
    pattern, pen = Image.new("L", size), None
    step = round((4.5 if thing.size == "small" else 5.5) * _SHARP)
    pen = ImageDraw.Draw(pattern)
    if thing.texture == "striped":
        for x in range(-size[1], size[0], step):
            pen.line([(x, 0), (x + size[1], size[1])], fill=255, width=round(step * 0.36))
    elif thing.texture == "dotted":
        for row, y in enumerate(range(step // 4, size[1], step)):
            for x in range(step // 4 + (row % 2) * step // 2, size[0], step):
                pen.ellipse([x, y, x + step * 0.55, y + step * 0.55], fill=255)
    return pattern


def draw(scene):
    """Return the scene as an anti-aliased image: (64, 64, 3) uint8, red, green, blue."""
    size = SIDE_PIXELS * _SHARP

    def lit(colour):
        return tuple(min(255, round(a * b)) for a, b in zip(colour, scene.light, strict=True))

    image = Image.new("RGB", (size, size), lit(_SKY))
    if scene.ground:
        image.paste(lit(_GROUND[scene.ground]), (0, round(scene.horizon * _SHARP), size, size))
    for thing in scene.things:
        mask, left, top = _stencil(thing)
        paint = _PAINT[thing.colour]
        image.paste(tuple(round(0.62 * value) for value in paint), (left, top), mask)
        if thing.radius > 2:                    # a darker rim, so that things stand out
            rim = Image.new("L", mask.size)
            rim.paste(mask.resize([round(s * (1 - 0.8 / thing.radius)) for s in mask.size]),
                      tuple(round(s * 0.4 / thing.radius) for s in mask.size))
            inner = ImageChops.multiply(rim, mask)
            image.paste(paint, (left, top), inner)
            if thing.texture != "plain":
                pale = ImageChops.multiply(inner, _pattern(thing, mask.size))
                image.paste(_PALE, (left, top), pale)
    return np.asarray(image.reduce(_SHARP))


def coverage(thing):
    """Return where a thing is, seen alone: (64, 64) bool, True where it covers half a pixel."""
    mask, left, top = _stencil(thing)
    whole = np.zeros((SIDE_PIXELS, SIDE_PIXELS), bool)
    part = np.asarray(mask.reduce(_SHARP)) > 127
    top, left = top // _SHARP, left // _SHARP
    rows = slice(max(top, 0), min(top + part.shape[0], SIDE_PIXELS))
    columns = slice(max(left, 0), min(left + part.shape[1], SIDE_PIXELS))
    whole[rows, columns] = part[rows.start - top:rows.stop - top,
                                columns.start - left:columns.stop - left]
    return whole


def visible_masks(scene):
    """Return what is seen of each thing: (things, 64, 64) bool, no pixel in two of them."""
    masks = np.array([coverage(thing) for thing in scene.things])
    for i in range(len(masks) - 1):
        masks[i] &= ~masks[i + 1:].any(axis=0)
    return masks


def boxes_of(masks):
    """Return the box around each mask: (things, 4) int16 of left, top, right, bottom.

    Right and bottom are the first column and row outside; an empty mask has (0, 0, 0, 0).
    """
    boxes = np.zeros((len(masks), 4), "int16")
    for box, mask in zip(boxes, masks, strict=True):
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if len(rows):
            box[:] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return boxes
