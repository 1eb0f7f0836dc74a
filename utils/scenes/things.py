"""What a scene is made of, and what is true of it: things, where they are, how they relate."""

from dataclasses import dataclass

__all__ = ["COLOURS", "GROUNDS", "HELD_OUT", "OPPOSITE", "SHAPES", "SIDE_PIXELS", "SIZES",
           "TEXTURES", "Scene", "Thing"]

SIDE_PIXELS = 64
SHAPES = ("circle", "square", "triangle", "star", "cross")
COLOURS = ("red", "blue", "green", "yellow", "purple", "orange")
SIZES = ("small", "big")
TEXTURES = ("plain", "striped", "dotted")
GROUNDS = (None, "grass", "sand")
# These never meet in a scene for training or choosing: half of the test asks for them.
HELD_OUT = frozenset({("red", "star"), ("blue", "triangle"), ("green", "cross"),
                      ("yellow", "square"), ("purple", "circle"), ("orange", "triangle")})
OPPOSITE = {"left": "right", "right": "left", "above": "below", "below": "above",
            "front": "behind", "behind": "front"}


@dataclass(frozen=True)
class Thing:
    """One thing of a scene.

    Attributes:
        shape, colour, size, texture: of `SHAPES`, `COLOURS`, `SIZES`, `TEXTURES`.
        x, y: its centre in pixels, from the left and from the top.
        radius: half its width, in pixels.
        turn: how far it is turned, in degrees.
        place: "grass" or "sand" where it stands on that, "air" where it floats above it, None
            in a scene without ground.
    """

    shape: str
    colour: str
    size: str
    texture: str
    x: float
    y: float
    radius: float
    turn: float = 0.0
    place: str | None = None

    @property
    def side(self):
        """"left" or "right" where the thing is clearly on that side of the picture, or None."""
        if abs(self.x - SIDE_PIXELS / 2) < SIDE_PIXELS / 10:
            return None
        return "left" if self.x < SIDE_PIXELS / 2 else "right"


@dataclass(frozen=True)
class Scene:
    """Two or three things; see `sample_scene`.

    Attributes:
        number: of the scene; with the seed it decides everything else.
        things: tuple of `Thing`, painted in this order.
        ground: "grass", "sand" or None.
        horizon: first row of the ground, in pixels from the top.
        light: (3,) factors of the background's red, green and blue.
        hides: tuple of (front, back): which thing partly hides which.
    """

    number: int
    things: tuple
    ground: str | None = None
    horizon: float = SIDE_PIXELS
    light: tuple = (1.0, 1.0, 1.0)
    hides: tuple = ()

    def relation(self, i, j):
        """Return where thing i is as seen from thing j, a key of `OPPOSITE`.

        "front" where i partly hides j, "behind" where it is partly hidden; else the axis in
        which their centres are further apart decides.
        """
        if (i, j) in self.hides or (j, i) in self.hides:
            return "front" if (i, j) in self.hides else "behind"
        dx, dy = (getattr(self.things[i], axis) - getattr(self.things[j], axis) for axis in "xy")
        if abs(dx) >= abs(dy):
            return "left" if dx < 0 else "right"
        return "above" if dy < 0 else "below"

    @property
    def held_out(self):
        """True if a colour and a shape meet that never meet in training."""
        return any((thing.colour, thing.shape) in HELD_OUT for thing in self.things)

    @property
    def content(self):
        """What can be said of the scene, without exact places: equal scenes tell the same."""
        things = [(t.shape, t.colour, t.size, t.texture, t.place or "") for t in self.things]
        order = sorted(range(len(things)), key=lambda i: things[i])
        return (self.ground, tuple(things[i] for i in order),
                tuple(self.relation(i, j) for i in order for j in order if i != j))
