"""Flickr8k (Hodosh et al. 2013): its captions and splits, and its images straight from the zip."""

import io
import zipfile
import zlib

import numpy as np
from PIL import Image

from utils.captions import CaptionSet, read_caption_set, without_image
from utils.data.errors import DataError
from utils.data.store import need_file

__all__ = ["ImageArchive", "load_flickr8k", "read_flickr8k", "read_image"]

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError)


def load_flickr8k():
    """Return the captions with their splits, and the images; see `read_flickr8k`.

    Raises:
        DataError: as `read_flickr8k`, and if the zip files are not there (in full mode they
            are fetched).
    """
    return read_flickr8k(need_file("flickr8k", "Flickr8k_text.zip"),
                         need_file("flickr8k", "Flickr8k_Dataset.zip"))


def read_flickr8k(text_zip, image_zip):
    """Return the captions and images of two zip files in the official layout.

    Captions whose image is not there are left out, and a note says so; the official files
    have one such, 2258277193_586949ec62.jpg.1.

    Args:
        text_zip: path of the token file and the split lists, zipped.
        image_zip: path of the images, zipped.

    Returns:
        captions: a `CaptionSet`, and images: an `ImageArchive`.

    Raises:
        DataError: if a zip is broken, a text is not as `utils.captions` says, or an image of
            a split is not there.
    """
    images = ImageArchive(image_zip)
    try:
        with zipfile.ZipFile(text_zip) as whole:
            texts = {name.rpartition("/")[2]: whole.read(name).decode("utf-8")
                     for name in whole.namelist() if name.endswith(".txt")
                     and "__MACOSX" not in name}
    except (*_BROKEN, UnicodeDecodeError) as error:
        raise DataError(f"{text_zip} is broken or no zip of UTF-8 texts "
                        f"({type(error).__name__}): delete it and fetch it again.") from None

    def read(name):
        if name not in texts:
            raise DataError(f"{text_zip} does not hold {name}: it is not Flickr8k's file, so "
                            "fetch it again.")
        return texts[name]

    found = read_caption_set(read)
    for split, names in found.splits.items():
        absent = [name for name in names if name not in images]
        if absent:
            many = "1 image" if len(absent) == 1 else f"{len(absent)} images"
            raise DataError(f"{image_zip} lacks {absent[0]!r} of split {split!r}: fetch it again "
                            f"({many} in all).")
    captions, notes = without_image(found.captions, images.names)
    return CaptionSet(captions, found.splits, found.notes + notes), images


class ImageArchive:
    """The images of a zip file, read one by one without unpacking.

    Attributes:
        names: list of the images' names, without folders.
        notes: sentences about images that were converted to RGB, as they are read.

    Raises:
        DataError: if the file is broken or no zip.
    """

    def __init__(self, path):
        self.path, self.notes = path, []
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise DataError(f"{path} is broken or no zip ({type(error).__name__}): delete it and "
                            "fetch it again.") from None
        self._members = {
            member.rpartition("/")[2]: member for member in self._zip.namelist()
            if member.lower().endswith((".jpg", ".jpeg", ".png")) and "__MACOSX" not in member}
        self.names = list(self._members)

    def __contains__(self, name):
        return name in self._members

    def read(self, name, side=None):
        """Return one image: (height, width, 3) uint8; squashed to `side` pixels if given.

        Raises:
            DataError: if it is not there or broken.
        """
        if name not in self:
            raise DataError(f"{self.path} has no image {name!r}: is the name right, and the zip "
                            "the one that belongs to the captions?")
        try:
            data = self._zip.read(self._members[name])
        except _BROKEN as error:
            raise DataError(f"{self.path} is broken at {name} ({type(error).__name__}): fetch it "
                            "again.") from None
        image, note = read_image(data, name, side)
        if note and note not in self.notes:
            self.notes.append(note)
        return image

    def close(self):
        """Close the zip file."""
        self._zip.close()


def read_image(data, name, side=None):
    """Return the image in some bytes, in red, green and blue, and a note or None.

    Args:
        data: bytes of a JPEG or PNG file.
        name: of the image, for messages.
        side: pixels of the square to squash it to; None to leave it as it is.

    Returns:
        (height, width, 3) uint8, and a sentence if it was converted to RGB, else None.

    Raises:
        DataError: if it is truncated or no image.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            mode = image.mode
            image = image.convert("RGB")
    except Exception as error:                  # Pillow raises many kinds on broken files
        raise DataError(f"{name} is truncated or no image ({type(error).__name__}): get the file "
                        "again, or leave it out of the split lists.") from None
    if side is not None and image.size != (side, side):
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    kind = {"L": "grey", "1": "black and white", "P": "paletted"}.get(mode, mode)
    return np.asarray(image), (
        None if mode == "RGB" else f"{name} is {kind} and was converted to RGB.")
