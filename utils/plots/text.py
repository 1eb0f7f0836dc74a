"""Text drawn with a colour behind each character: what a unit does while a network reads."""

import unicodedata

import matplotlib.pyplot as plt
import numpy as np

from . import style

__all__ = ["coloured_text", "text_cells"]


def text_cells(text, columns=72):
    r"""Return where each character of a text stands: (characters, 3) of row, column and width.

    A Chinese character is two columns wide, a Latin one one; a line end stands at the end of
    its line and starts a new row, as does a line that is full.

    >>> text_cells("好a\nb", columns=8).tolist()
    [[0, 0, 2], [0, 2, 1], [0, 3, 1], [1, 0, 1]]
    """
    if columns < 2:
        raise ValueError(f"columns must be at least 2, got {columns}.")
    cells, row, column = [], 0, 0
    for sign in text:
        width = 2 if unicodedata.east_asian_width(sign) in "FW" else 1
        if column + width > columns:
            row, column = row + 1, 0
        cells.append((row, column, width))
        row, column = (row + 1, 0) if sign == "\n" else (row, column + width)
    return np.array(cells, int).reshape(-1, 3)


def coloured_text(text, values, title="", columns=72, ax=None):
    """Draw a text, red behind characters of positive values and blue behind negative ones.

    Args:
        text: string.
        values: (characters,); the largest size has the full colour.
        title: above the text.
        columns: width of a line, see `text_cells`.
        ax: axes to draw into; a new figure if None.

    Returns:
        The matplotlib axes. Without a Chinese font, Chinese characters stay blank.

    Raises:
        ValueError: if there is not one value per character.
    """
    values = np.asarray(values, float)
    if values.shape != (len(text),) or not len(text):
        raise ValueError("values must hold one number per character of a text that is not empty, "
                         f"got the shape {values.shape} for {len(text)} characters.")
    cells = text_cells(text, columns)
    if ax is None:
        _, ax = plt.subplots(figsize=(8.4, 0.3 + 0.24 * (cells[-1, 0] + 1)))
    colour = plt.get_cmap("RdBu_r")(0.5 + 0.4 * values / max(np.abs(values).max(), 1e-12))
    for sign, (row, column, width), face in zip(text, cells, colour, strict=True):
        ax.add_patch(plt.Rectangle((column, -row - 0.5), width, 1, color=face, linewidth=0))
        if sign != "\n" and (style.cjk_font() or sign.isascii()):
            ax.text(column + width / 2, -row, sign, ha="center", va="center",
                    fontsize="small")
    ax.set(xlim=(0, columns), ylim=(-cells[-1, 0] - 0.6, 0.6))
    ax.set_title(title, loc="left", fontsize="small")
    ax.axis("off")
    return ax
