"""Scenes as attention sees them: places of a map or boxes around things, and where each is."""

import numpy as np

from .encoder import feature_maps, patches_around

__all__ = ["box_numbers", "box_patches", "placed", "region_features"]

_SIDE = 64                                      # pixels of a scene


def placed(maps):
    """Return maps with two more features: how far right and how far down a place is, -1 to 1.

    Attention adds up what it sees. Without these two it would not know where it saw it.

    Args:
        maps: (images, rows, columns, features).

    >>> placed(np.zeros((1, 2, 3, 1)))[0, 1].tolist()
    [[0.0, -1.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0]]
    """
    n, rows, columns, _ = maps.shape
    where = np.stack(np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows)), axis=-1)
    where = np.broadcast_to(where.astype(maps.dtype), (n, *where.shape))
    return np.concatenate([maps, where], axis=-1)


def box_numbers(boxes):
    """Return centre and size of boxes: (..., 4) from left to right, down, width, height.

    The centre goes from -1 to 1, the size is a share of the image; a box of zeros stays so.

    >>> box_numbers(np.array([[0, 32, 32, 64], [0, 0, 0, 0]])).tolist()
    [[-0.5, 0.5, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]]
    """
    left, top, right, bottom = np.moveaxis(np.asarray(boxes, "float64"), -1, 0) / _SIDE
    real = (right > left) & (bottom > top)
    found = np.stack([left + right - 1, top + bottom - 1, right - left, bottom - top], axis=-1)
    return np.where(real[..., None], found, 0.0)


def box_patches(images, boxes):
    """Return the 32x32 pixels around the middle of each box.

    Args:
        images: (images, 64, 64, 3) uint8.
        boxes: (images, most, 4) of left, top, right, bottom in pixels; zeros where there is none.

    Returns:
        patches: (real boxes, 32, 32, 3) uint8, those of the first image first.
        real: (images, most) bool, which boxes they belong to.

    Raises:
        ValueError: if there is not one row of boxes per image, or there is no box at all.
    """
    boxes = np.asarray(boxes, int)
    if boxes.ndim != 3 or boxes.shape[2] != 4 or len(boxes) != len(images):
        raise ValueError(f"boxes must be (images, most, 4) for {len(images)} images, got shape "
                         f"{boxes.shape}.")
    real = (boxes[..., 2] > boxes[..., 0]) & (boxes[..., 3] > boxes[..., 1])
    if not real.any():
        raise ValueError("There is no box with an area in any image.")
    patches = []
    for image, box, is_real in zip(images, boxes, real, strict=True):
        patches += patches_around(image, [((left + right) // 2, (top + bottom) // 2)
                                          for left, top, right, bottom in box[is_real]])
    return np.stack(patches), real


def region_features(encoder, images, boxes):
    """Return what an encoder sees in each box, and where the box is.

    Args:
        encoder: of `naming_network`.
        images, boxes: as in `box_patches`.

    Returns:
        (images, most, features + 4) float32; zeros where there is no box.

    Source: Anderson et al., Bottom-up and top-down attention for image captioning and visual
    question answering (2018), section 3.1, with true boxes in place of a detector's.
    """
    patches, real = box_patches(images, boxes)
    seen = np.concatenate([feature_maps(encoder, patches[i:i + 1000]).max(axis=(1, 2))
                           for i in range(0, len(patches), 1000)])  # as the encoder's network
    found = np.zeros((*real.shape, seen.shape[1] + 4), "float32")
    found[real] = np.concatenate([seen, box_numbers(boxes)[real]], axis=1)
    return found
