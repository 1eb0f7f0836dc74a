"""Drawn scenes with five true captions each; see datasets/scenes/README.md.

They are made on first use, in some ten seconds, and kept in the user's cache folder: the
captions and splits in Flickr8k's format, the images in one file.
"""

import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

import numpy as np

from ..captioning.caption_files import SPLITS, TOKENS, CaptionSet, check_disjoint, read_caption_set
from ..data.cache import cache_error, cache_folder
from ..data.errors import DataError
from ..data.fetching.locks import exclusive
from .grammar import captions_of
from .render import boxes_of, draw, visible_masks
from .things import Scene, Thing
from .world import SEED, sample_scene

__all__ = ["SCENE_SIZES", "SceneSet", "load_scenes", "write_scenes"]

SCENE_SIZES = {"train": 4000, "dev": 500, "test": 1000}
HELD_OUT_SHARE = 0.4                            # of the test
MOST_THINGS = 3
_HELD_OUT_LIST = "Flickr_8k.heldoutImages.txt"
_SCENES = "scenes.json"
_LISTS = {**SPLITS, "held-out": _HELD_OUT_LIST}
_VERSION = "1"          # raise it with any change of scenes, captions or files


@dataclass
class SceneSet:
    """Scenes in the order of `names`; row i of each array belongs to scene i.

    Attributes:
        captions: a `CaptionSet`; besides "train", "dev" and "test" it has "held-out", the
            part of the test in which a colour and a shape meet that never do elsewhere.
        names: list of the images' names.
        scenes: list of `Scene`, with all that is true of each.
        images: (scenes, 64, 64, 3) uint8.
        masks: (scenes, 3, 64, 64) bool, what is seen of thing k; all False where there is none.
        boxes: (scenes, 3, 4) int16 of left, top, right, bottom in pixels (the last two
            outside); zero where there is no such thing.
        rows_of: {name: row}.
    """

    captions: CaptionSet
    names: list
    scenes: list
    images: np.ndarray
    masks: np.ndarray
    boxes: np.ndarray
    rows_of: dict = field(default_factory=dict)

    def rows(self, split):
        """Return the rows of a split: (scenes,) int64."""
        return np.array([self.rows_of[name] for name in self.captions.images(split)])


def load_scenes(folder=None):
    """Return the scenes, made and kept if they are not there: a `SceneSet`.

    Args:
        folder: where to keep them; None for the user's cache folder.

    Raises:
        DataError: if what is there is broken, or they cannot be kept.
    """
    folder = Path(folder) if folder else cache_folder() / f"scenes-{SEED}-{_VERSION}"
    if not folder.exists():             # asks for no lock: it may be there and read-only
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with exclusive(folder):
                if not folder.exists():
                    _write_whole(folder)
        except OSError as error:
            raise cache_error("The scenes", folder.parent, error) from None
    captions = read_caption_set(folder, _LISTS)
    try:
        with np.load(folder / "images.npz") as kept:
            images, masks, boxes = (kept[key] for key in ("images", "masks", "boxes"))
        scenes = [_from_dict(one) for one in json.loads((folder / _SCENES).read_text())]
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(f"{folder} holds a broken file ({type(error).__name__}): delete the "
                        "folder and load the scenes again.") from None
    names, masks = [_name(scene) for scene in scenes], np.unpackbits(masks, axis=-1).view(bool)
    if sorted(names) != sorted(captions.captions) or len(images) != len(names):
        raise DataError(f"{folder} holds captions of other scenes than its images: delete the "
                        "folder and load the scenes again.")
    return SceneSet(captions, names, scenes, images, masks, boxes,
                    {name: row for row, name in enumerate(names)})


def write_scenes(folder, sizes=None):
    """Write scenes into a folder: Flickr8k's token file and split lists, images, and facts.

    Scenes of different splits differ in what can be said of them, not in places alone.

    Args:
        folder: that exists.
        sizes: {"train", "dev" and "test": number of scenes}; None for `SCENE_SIZES`.
    """
    folder, splits, seen, numbers = Path(folder), {}, set(), {False: count(), True: count()}
    for split, size in (sizes or SCENE_SIZES).items():
        rare = round(HELD_OUT_SHARE * size) if split == "test" else 0
        splits[split] = [_next_scene(numbers[k < rare], k < rare, seen) for k in range(size)]
    scenes = [scene for each in splits.values() for scene in each]
    masks = np.zeros((len(scenes), MOST_THINGS, 64, 64), bool)
    for row, scene in enumerate(scenes):
        masks[row, :len(scene.things)] = visible_masks(scene)
    tokens = [f"{_name(scene)}#{k}\t{caption}" for scene in scenes
              for k, caption in enumerate(captions_of(scene))]
    lists = {split: [_name(scene) for scene in each] for split, each in splits.items()}
    check_disjoint(lists)
    lists["held-out"] = [_name(scene) for scene in splits["test"] if scene.held_out]
    for name, lines in [(TOKENS, tokens)] + [(_LISTS[split], names)
                                             for split, names in lists.items()]:
        (folder / name).write_bytes("".join(line + "\n" for line in lines).encode())
    np.savez(folder / "images.npz", images=np.stack([draw(scene) for scene in scenes]),
             masks=np.packbits(masks, axis=-1),
             boxes=np.array([boxes_of(each) for each in masks]))
    (folder / _SCENES).write_text(json.dumps([asdict(scene) for scene in scenes]))


def _from_dict(one):
    """Return the `Scene` that `asdict` took apart and JSON turned into lists."""
    things = tuple(Thing(**thing) for thing in one["things"])
    hides = tuple(tuple(pair) for pair in one["hides"])
    return Scene(**{**one, "things": things, "hides": hides, "light": tuple(one["light"])})


def _next_scene(numbers, held_out, seen):
    while True:
        scene = sample_scene(next(numbers), held_out)
        if scene.content not in seen:
            seen.add(scene.content)
            return scene


def _name(scene):
    return f"{'rare' if scene.held_out else 'scene'}_{scene.number:05d}.png"


def _write_whole(folder):
    """Write the scenes beside the folder, then rename it: it is there whole or not at all."""
    for left in folder.parent.glob(f".{folder.name}.*"):    # by a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        write_scenes(fresh)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
