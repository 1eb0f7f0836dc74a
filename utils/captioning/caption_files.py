"""Captions as Flickr8k stores them: token files and split lists, read and checked."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..data.errors import DataError
from ..text.captions import clean_caption

__all__ = ["SPLITS", "TOKENS", "CaptionSet", "check_disjoint", "read_caption_set", "read_split",
           "read_tokens", "without_image"]

SPLITS = {"train": "Flickr_8k.trainImages.txt", "dev": "Flickr_8k.devImages.txt",
          "test": "Flickr_8k.testImages.txt"}
TOKENS = "Flickr8k.token.txt"
_FIELD = re.compile(r"(.+)#(\d+)$")


@dataclass
class CaptionSet:
    """Images with their captions.

    Attributes:
        captions: {image: list of captions as written, in order of their numbers}.
        splits: {"train", "dev" or "test": list of images}, in the order of the lists.
        notes: sentences about what was left out.
    """

    captions: dict
    splits: dict
    notes: list = field(default_factory=list)

    def pairs(self, split):
        """Return (images, captions): one entry per caption of a split, images repeated.

        Raises:
            ValueError: if there is no such split.
        """
        images = [image for image in self.images(split) for _ in self.captions[image]]
        return images, [text for image in self.splits[split] for text in self.captions[image]]

    def references(self, split):
        """Return the captions of each image of a split: list of lists of strings."""
        return [self.captions[image] for image in self.images(split)]

    def images(self, split):
        """Return the images of a split; see `pairs`."""
        if split not in self.splits:
            raise ValueError(f"split must be one of {', '.join(self.splits)}, got {split!r}.")
        return self.splits[split]


def read_tokens(text, name=TOKENS):
    """Return the captions of a token file, `image.jpg#0<TAB>caption` on each line.

    Args:
        text: the file's content.
        name: of the file, for messages.

    Returns:
        captions: {image: list of captions, in order of their numbers}, and notes: sentences
        about empty captions, which are left out.

    Raises:
        DataError: if a line has no tab, no number, or the number of another of its image, or
            no line holds a caption. It names file and line.

    Example:
        >>> read_tokens("a.jpg#1\\tA dog .\\na.jpg#0\\tA brown dog runs .\\n")
        ({'a.jpg': ['A brown dog runs .', 'A dog .']}, [])
    """
    found, empty = {}, []
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        head, tab, caption = line.partition("\t")
        if not tab:
            raise DataError(f"{name}, line {number} has no tab between image and caption, got "
                            f"{line[:40]!r}: write it as `image.jpg#0<TAB>caption`.")
        parts = _FIELD.match(head.strip())
        if not parts:
            raise DataError(f"{name}, line {number} begins with {head[:40]!r}, which is not an "
                            "image and a number: write it as `image.jpg#0<TAB>caption`.")
        image, index = parts[1], int(parts[2])
        if index in found.setdefault(image, {}):
            raise DataError(f"{name}, line {number} has caption {index} of {image!r} a second "
                            "time: number the captions of an image 0, 1, 2, ….")
        found[image][index] = caption.strip()
        if not clean_caption(caption):
            empty.append(number)
            del found[image][index]
    notes = []
    if empty:
        what = "caption is" if len(empty) == 1 else "captions are"
        notes.append(f"{len(empty)} {what} empty and left out; the first is {name}, line "
                     f"{empty[0]}.")
    captions = {image: [texts[k] for k in sorted(texts)] for image, texts in found.items()
                if texts}
    if not captions:
        raise DataError(f"{name} holds no caption: is it the right file?")
    return captions, notes


def read_split(text, captions, name):
    """Return the images that a split list names, one per line.

    Args:
        text: the file's content.
        captions: what `read_tokens` returned.
        name: of the file, for messages.

    Raises:
        DataError: if an image has no caption, is named twice, or there is none at all.
    """
    images = {}
    for number, line in enumerate(text.lstrip("\ufeff").split("\n"), 1):
        image = line.strip()
        if not image:
            continue
        if image not in captions:
            raise DataError(f"{name}, line {number} names {image!r}, which has no caption in the "
                            "token file: take the list and the token file of one data set.")
        if image in images:
            raise DataError(f"{name}, line {number} names {image!r} again, first on line "
                            f"{images[image]}: remove one of both.")
        images[image] = number
    if not images:
        raise DataError(f"{name} names no image: is it the right file?")
    return list(images)


def read_caption_set(read, splits=None):
    """Return the `CaptionSet` of files in Flickr8k's format, with disjoint splits.

    Args:
        read: function from a file's name to its content, or a folder that holds the files.
        splits: {split: file name}; None for those of Flickr8k.

    Raises:
        DataError: as `read_tokens` and `read_split`, if a file is missing, or if splits overlap.
    """
    if not callable(read):
        folder = Path(read)

        def read(name):
            try:
                return (folder / name).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise DataError(f"{folder / name} cannot be read ({type(error).__name__}): put "
                                "Flickr8k's file of that name there, in UTF-8.") from None

    captions, notes = read_tokens(read(TOKENS))
    lists = {split: read_split(read(name), captions, name)
             for split, name in (splits or SPLITS).items()}
    check_disjoint({split: images for split, images in lists.items() if split in SPLITS})
    return CaptionSet(captions, lists, notes)


def check_disjoint(splits):
    """Raise a DataError where two splits share an image, and so its captions.

    Args:
        splits: {split: images}.
    """
    seen = {}
    for split, images in splits.items():
        for image in images:
            if seen.setdefault(image, split) != split:
                raise DataError(f"{image!r} is in {seen[image]!r} and in {split!r}: an image, "
                                "with all its captions, belongs to one split.")


def without_image(captions, present):
    """Return the captions of images that are there, and notes about those that are not.

    Args:
        captions: {image: captions}.
        present: names of the images that are there.

    Example:
        >>> without_image({"a.jpg": ["A dog ."], "b.jpg.1": ["A cat ."]}, ["a.jpg"])[1]
        ["1 image with captions is not there and left out, first 'b.jpg.1'."]
    """
    present = set(present)
    absent = [image for image in captions if image not in present]
    kept = {image: texts for image, texts in captions.items() if image in present}
    what = "image with captions is" if len(absent) == 1 else "images with captions are"
    return kept, [f"{len(absent)} {what} not there and left out, first {absent[0]!r}."
                  ] if absent else []
