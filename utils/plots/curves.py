"""Figures of numbers: losses, forecasts, matrices, activations."""

import matplotlib.pyplot as plt
import numpy as np

from .style import BASELINE, MODEL, TRUTH, label

__all__ = ["curve_and_slope", "forecast", "heatmap", "loss_curves"]


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
