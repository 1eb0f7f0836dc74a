"""Small drawn worlds with captions that are true of them; see datasets/scenes/README.md."""

from .attributes import attribute_accuracy, exact_attributes
from .dataset import SCENE_SIZES, SceneSet, load_scenes, write_scenes
from .encoder import (
    ATTRIBUTES,
    cut_out,
    feature_maps,
    naming_network,
    patches_around,
    what_and_where,
)
from .grammar import captions_of
from .looks import cell_shares, looks_at_named, named_things, occluded, seen_around
from .reading import read_caption
from .regions import box_numbers, box_patches, placed, region_features
from .render import boxes_of, draw, visible_masks
from .task import SceneTask
from .things import COLOURS, HELD_OUT, SHAPES, SIZES, TEXTURES, Scene, Thing
from .world import SEED, sample_scene

__all__ = [
    "ATTRIBUTES", "COLOURS", "HELD_OUT", "SCENE_SIZES", "SEED", "SHAPES", "SIZES", "TEXTURES",
    "Scene", "SceneSet", "SceneTask", "Thing", "attribute_accuracy", "box_numbers", "box_patches",
    "boxes_of", "captions_of", "cell_shares", "cut_out", "draw", "exact_attributes",
    "feature_maps", "load_scenes", "looks_at_named", "named_things", "naming_network", "occluded",
    "patches_around", "placed", "read_caption", "region_features", "sample_scene", "seen_around",
    "visible_masks", "what_and_where", "write_scenes",
]
