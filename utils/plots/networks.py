"""Drawings of networks: what flows where, forward and back."""

import matplotlib.pyplot as plt

from .style import MODEL, label

__all__ = ["unrolled", "unrolled_rnn"]

ERROR = "C3"


def unrolled(inputs, cells, outputs, title="", ax=None):
    """Draw a recurrent network step by step, from left to right.

    Args:
        inputs: one label for each step, such as "$x_1$"; None where nothing comes in.
        cells: one label for each step; the state goes from a cell to a neighbour whose label
            starts with the same letter, so two letters make two networks.
        outputs: one label for each step; None where nothing goes out.
        title: what the network is.
        ax: axes to draw into; a new figure if None.

    Returns:
        The matplotlib axes.
    """
    if not len(inputs) == len(cells) == len(outputs) > 0:
        raise ValueError("inputs, cells and outputs need one entry for each step, got "
                         f"{len(inputs)}, {len(cells)} and {len(outputs)}.")
    if ax is None:
        _, ax = plt.subplots(figsize=(0.8 * len(cells) + 0.4, 2.6))
    letters = [cell.strip("$")[:1] for cell in cells]
    colors = {letter: f"C{2 * k}" for k, letter in enumerate(dict.fromkeys(letters))}
    arrow = {"arrowstyle": "-|>", "color": "0.35", "shrinkA": 0, "shrinkB": 0}

    def box(t, row, text, face, ink="white", edge="none"):
        ax.text(t, row, text, ha="center", va="center", color=ink, fontsize="medium", bbox={
            "boxstyle": "round,pad=0.3", "facecolor": face, "edgecolor": edge})

    for t, (x_t, cell, y_t) in enumerate(zip(inputs, cells, outputs, strict=True)):
        if t > 0 and letters[t] == letters[t - 1]:
            ax.annotate("", (t - 0.3, 1), (t - 0.7, 1), arrowprops=arrow)
        box(t, 1, cell, colors[letters[t]])
        if x_t is not None:
            ax.annotate("", (t, 0.72), (t, 0.3), arrowprops=arrow)
            source = colors.get(x_t.strip("$")[:1], "none")     # a state that is read again
            box(t, 0, x_t, "0.9", ink="black", edge=source)
        if y_t is not None:
            ax.annotate("", (t, 1.7), (t, 1.28), arrowprops=arrow)
            box(t, 2, y_t, "white", ink="black", edge="0.4")
    ax.set(xlim=(-0.6, len(cells) - 0.4), ylim=(-0.4, 2.4), title=title)
    ax.axis("off")
    return ax


def unrolled_rnn(steps=4, backward=False):
    """Draw a recurrent layer unrolled over time.

    Args:
        steps: how many time steps to draw, >= 1.
        backward: also draw the way of the error, against the arrows.

    Returns:
        The matplotlib axes.

    Raises:
        ValueError: if there is no step to draw.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}.")
    _, ax = plt.subplots(figsize=(8.0, 2.9))
    _node(ax, 0, 1, "$h_0$", "0.92")
    for t in range(1, steps + 1):
        _node(ax, t, 1, f"$h_{t}$", "#dce9f5")
        _node(ax, t, 0, f"$x_{t}$", "0.92")
        _node(ax, t, 2, f"$L_{t}$", "0.92")
        _arrow(ax, (t - 1, 1), (t, 1), "$U$", (0, 0.13), backward)
        _arrow(ax, (t, 0), (t, 1), "$W$", (-0.1, 0), False)
        _arrow(ax, (t, 1), (t, 2), "$V$", (-0.1, 0), backward)
    names = [label("forward", "前向")] + [label("error, backward", "误差反向传播")] * backward
    for name, color in zip(names, (MODEL, ERROR), strict=False):
        ax.plot([], [], color=color, label=name)
    ax.legend(loc="upper left", bbox_to_anchor=(0, 1), fontsize="small")
    ax.set(xlim=(-0.4, steps + 0.4), ylim=(-0.3, 2.3))
    ax.set_axis_off()
    return ax


def _node(ax, x, y, text, color):
    ax.text(x, y, text, ha="center", va="center", fontsize=13,
            bbox={"boxstyle": "round,pad=0.35", "facecolor": color, "edgecolor": "0.4"})


def _arrow(ax, start, end, name, offset, backward):
    """Draw an arrow between two nodes, and its way back beside it."""
    (x0, y0), (x1, y1) = start, end
    style = {"arrowstyle": "-|>", "shrinkA": 17, "shrinkB": 17}
    ax.annotate("", end, start, arrowprops={**style, "color": MODEL, "lw": 1.4})
    ax.text((x0 + x1) / 2 + offset[0], (y0 + y1) / 2 + offset[1], name, color=MODEL,
            ha="center", va="center")
    if backward:
        dx, dy = (0, -0.14) if y0 == y1 else (0.09, 0)
        ax.annotate("", (x0 + dx, y0 + dy), (x1 + dx, y1 + dy),
                    arrowprops={**style, "color": ERROR, "lw": 1.4, "linestyle": "--"})
