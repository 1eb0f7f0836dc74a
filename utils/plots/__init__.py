"""Figures in the house style: curves, drawings of networks, coloured text."""

from .curves import curve_and_slope, forecast, heatmap, loss_curves
from .networks import unrolled, unrolled_rnn
from .style import BASELINE, MODEL, TRUTH, cjk_font, label, use_house_style
from .text import coloured_text

__all__ = ["BASELINE", "MODEL", "TRUTH", "cjk_font", "coloured_text", "curve_and_slope",
           "forecast", "heatmap", "label", "loss_curves", "unrolled", "unrolled_rnn",
           "use_house_style"]
