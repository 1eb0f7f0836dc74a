"""Flickr8k (Hodosh et al. 2013): its captions and splits, and its images straight from the zip."""

import contextlib
import io
import warnings
import zipfile
import zlib

import numpy as np
from PIL import Image, ImageOps

from ..data.errors import DataError
from ..data.fetching.store import need_file
from .caption_files import CaptionSet, read_caption_set, without_image

__all__ = ["ImageArchive", "load_flickr8k", "read_flickr8k", "read_image"]

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)
_ORIENTATION = 0x0112           # EXIF's number of it
_KINDS = {"L": "grey", "1": "black and white", "P": "paletted"}


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
            texts = {name: whole.read(member).decode("utf-8")
                     for name, member in _by_name(whole, text_zip, (".txt",)).items()}
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
        notes: sentences about images that were converted to RGB or turned, as they are read.

    Raises:
        DataError: if the file is broken or no zip, or two images have the same name.
    """

    def __init__(self, path):
        self.path, self.notes = path, []
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise DataError(f"{path} is broken or no zip ({type(error).__name__}): delete it and "
                            "fetch it again.") from None
        self._members = _by_name(self._zip, path, (".jpg", ".jpeg", ".png"))
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


def _by_name(whole, path, endings):
    """Return {name without folders: member} of a zip's files with these endings.

    A name that begins with a dot is none of them: macOS puts `._name` beside each file.
    """
    members = {}
    for member in whole.namelist():
        name = member.rpartition("/")[2]
        if not name.lower().endswith(endings) or name[0] == "." or "__MACOSX" in member:
            continue
        if name in members:
            raise DataError(f"{path} holds {name!r} twice, as {members[name]!r} and as "
                            f"{member!r}: give each file a name of its own.")
        members[name] = member
    return members


def read_image(data, name, side=None):
    """Return the image in some bytes, in red, green and blue, and a note or None.

    It is turned as its EXIF data say; what is transparent becomes white; of 16 bits of grey the
    upper 8 are kept, so that black stays black and white stays white.

    Args:
        data: bytes of a JPEG or PNG file.
        name: of the image, for messages.
        side: pixels of the square to squash it to; None to leave it as it is.

    Returns:
        (height, width, 3) uint8, and a sentence if it was converted to RGB or turned, else None.

    Raises:
        DataError: if it is truncated or no image, too large, or its values have no fixed black
            and white, as decimal numbers.
    """
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
            image.load()
    except Image.DecompressionBombError:
        raise DataError(f"{name} has more than {2 * Image.MAX_IMAGE_PIXELS:,} pixels: save it "
                        "smaller, or leave it out of the split lists.") from None
    except Exception as error:                  # Pillow raises many kinds on broken files
        raise DataError(f"{name} is truncated or no image ({type(error).__name__}): get the file "
                        "again, or leave it out of the split lists.") from None
    upright = image
    with contextlib.suppress(Exception):        # EXIF data that cannot be read say nothing
        if image.getexif().get(_ORIENTATION, 1) in range(2, 9):
            upright = ImageOps.exif_transpose(image)
    done = [] if upright is image else ["was turned as its EXIF data say"]
    image = _rgb(upright, image.format, name, done)
    if side is not None and image.size != (side, side):
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(image), f"{name} {' and '.join(done)}." if done else None


def _rgb(image, file_format, name, done):
    """Return an image in RGB; what was done is added to `done`."""
    mode = image.mode
    if mode.startswith("I;16") or (mode == "I" and file_format == "PNG"):
        values = np.asarray(image)
        done.append(f"is 16-bit grey ({values.min()} to {values.max()} of 65535) and its upper 8 "
                    "bits were converted to RGB")
        return Image.fromarray((values >> 8).astype("uint8")).convert("RGB")
    if mode in ("F", "I"):
        values = np.asarray(image)
        raise DataError(f"{name} holds numbers from {values.min():g} to {values.max():g} that do "
                        "not say which is white: save it with 8 bits for each colour.")
    if mode != "RGB":
        done.append(f"is {_KINDS.get(mode, mode)} and was converted to RGB")
    if "A" in mode or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getextrema()[3][0] < 255:
            done.append("was laid on white where it is transparent")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")
