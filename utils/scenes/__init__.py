"""Small drawn worlds with captions that are true of them; see datasets/scenes/README.md."""

from .attributes import Verdict, attribute_accuracy, exact_attributes
from .grammar import captions_of
from .reading import Said, read_caption
from .render import boxes_of, draw, visible_masks
from .things import COLOURS, HELD_OUT, SHAPES, SIZES, TEXTURES, Scene, Thing
from .world import SEED, sample_scene

__all__ = ["COLOURS", "HELD_OUT", "SEED", "SHAPES", "SIZES", "TEXTURES", "Said", "Scene", "Thing",
           "Verdict", "attribute_accuracy", "boxes_of", "captions_of", "draw",
           "exact_attributes", "read_caption", "sample_scene", "visible_masks"]
