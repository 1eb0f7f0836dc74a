"""The house style of every figure: truth black, model C0, baseline grey, origin marked.

Labels are bilingual where the system has a Chinese font, English elsewhere:

    ax.set_xlabel(plots.label("time step", "时间步"))
"""

import functools
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager

__all__ = [
    "BASELINE", "MODEL", "TRUTH", "cjk_font", "curve_and_slope", "forecast", "heatmap", "label",
    "loss_curves", "unrolled", "use_house_style",
]

TRUTH, MODEL, BASELINE = "black", "C0", "0.6"
CJK_FILES = (       # file names start so, on Windows, macOS and Linux
    "msyh", "PingFang", "Hiragino Sans GB", "STHeiti", "NotoSansCJK", "NotoSansSC",
    "SourceHanSans", "wqy-microhei", "wqy-zenhei", "simhei",
)


@functools.cache
def cjk_font():
    """Return the name of a Chinese font of this system, or None.

    The files are looked up, not matplotlib's cache: a font installed today counts.
    """
    files = sorted(font_manager.findSystemFonts())
    for start in CJK_FILES:
        for file in files:
            if Path(file).name.lower().startswith(start.lower()):
                try:
                    font_manager.fontManager.addfont(file)
                    return font_manager.FontProperties(fname=file).get_name()
                except (OSError, RuntimeError):     # not a font that matplotlib can read
                    continue
    return None


@functools.cache
def _say_once(text):
    print(text)


def use_house_style():
    """Set the style of all figures that follow; says once if labels stay English."""
    plt.rcParams.update({
        "figure.figsize": (8.0, 3.2),
        "figure.dpi": 80,
        "figure.constrained_layout.use": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": "medium",
        "axes.unicode_minus": False,
        "legend.frameon": False,
        "lines.linewidth": 1.4,
        "image.cmap": "viridis",
    })
    font = cjk_font()
    if font is None:
        _say_once("No Chinese font was found: figures have English labels only. "
                  "`python -m utils.doctor` names fonts to install.")
        return
    plt.rcParams["font.family"] = "sans-serif"
    fonts = [name for name in plt.rcParams["font.sans-serif"] if name != font]
    plt.rcParams["font.sans-serif"] = [font, *fonts]    # first: text beside $...$ cannot fall back


def label(english, chinese):
    """Return "english chinese" where a Chinese font is there, else "english"."""
    return f"{english} {chinese}" if cjk_font() else english


def loss_curves(curves, ylabel, title, baselines=None, log=False):
    """Draw loss by epoch, with baselines as grey lines.

    Args:
        curves: {name: losses, one per epoch}.
        ylabel: the loss and its unit.
        title: what the figure shows, with its number.
        baselines: {name: loss}.
        log: logarithmic loss axis.

    Returns:
        The matplotlib axes.
    """
    _, ax = plt.subplots()
    for name, losses in curves.items():
        ax.plot(np.arange(1, len(losses) + 1), losses, label=name)
    for (name, loss), style in zip((baselines or {}).items(), ("--", ":", "-.", "-") * 9,
                                   strict=False):
        ax.axhline(loss, color=BASELINE, linestyle=style, label=name)
    ax.set(xlabel=label("epoch", "轮次"), ylabel=ylabel, title=title)
    ax.locator_params(axis="x", integer=True)
    if log:
        ax.set_yscale("log")
    ax.legend()
    return ax


def forecast(time, truth, predictions, ylabel, title, origin=None, baselines=None, xlabel=None):
    """Draw a series with its forecasts.

    Args:
        time: (time,) positions or dates of `truth`.
        truth: (time,) observed values.
        predictions: {name: (positions, values)} of models.
        ylabel: quantity and unit.
        title: what the figure shows, with its number.
        origin: position of the last value a forecast knew, marked by a line.
        baselines: {name: (positions, values)} of baselines, drawn grey.
        xlabel: label of the time axis; "time step" if None.

    Returns:
        The matplotlib axes.
    """
    _, ax = plt.subplots()
    ax.plot(time, truth, color=TRUTH, label=label("truth", "真实值"))
    for (name, (at, values)), style in zip((baselines or {}).items(), ("--", ":", "-.") * 9,
                                           strict=False):
        ax.plot(at, values, color=BASELINE, linestyle=style, label=name)
    for k, (name, (at, values)) in enumerate(predictions.items()):
        ax.plot(at, values, color=f"C{k}", label=name)
    if origin is not None:
        ax.axvline(origin, color="0.4", linewidth=0.8, linestyle="--")
        ax.annotate(label("origin", "预测起点"), (origin, 1), xycoords=("data", "axes fraction"),
                    xytext=(4, -10), textcoords="offset points", fontsize="small", color="0.4")
    ax.set(xlabel=xlabel or label("time step", "时间步"), ylabel=ylabel, title=title)
    ax.legend(fontsize="small")
    return ax


def heatmap(values, xlabel, ylabel, colorbar, title, center=None):
    """Draw a matrix as colours.

    Args:
        values: (rows, columns).
        xlabel, ylabel: what columns and rows are.
        colorbar: quantity and unit of the values.
        title: what the figure shows.
        center: value that gets the neutral colour of a diverging map, or None.

    Returns:
        The matplotlib axes.
    """
    values = np.asarray(values)
    if values.ndim != 2:
        raise ValueError(f"values must be (rows, columns), got shape {values.shape}.")
    _, ax = plt.subplots()
    style = {}
    if center is not None:
        reach = max(np.abs(values - center).max(), 1e-12)
        style = {"cmap": "RdBu_r", "vmin": center - reach, "vmax": center + reach}
    image = ax.imshow(values, aspect="auto", origin="lower", interpolation="nearest", **style)
    ax.figure.colorbar(image, ax=ax, label=colorbar)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    return ax


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


def curve_and_slope(ax, z, value, slope, name, at=None):
    """Draw an activation and its derivative, and a tangent where `at` says.

    Args:
        ax: axes to draw into.
        z: (points,) pre-activations.
        value, slope: functions of an array of z.
        name: of the activation, for the title.
        at: z of the tangent, or None.
    """
    ax.plot(z, value(z), color=MODEL, label=label("value", "值"))
    ax.plot(z, slope(z), color=BASELINE, linestyle="--", label=label("derivative", "导数"))
    ax.set(xlabel=label("pre-activation $z$", "激活前的 $z$"), ylabel="", title=name)
    if at is not None:
        at = np.array([float(at)])
        near = np.array([-1.0, 1.0])
        ax.plot(at + near, value(at) + near * slope(at), color="C1")
        ax.plot(at, value(at), "o", color="C1")
        ax.set_title(f"{name}, slope {slope(at)[0]:.3f}")
