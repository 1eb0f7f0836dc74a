"""The house style of every figure: truth black, model C0, baseline grey, origin marked.

Labels are bilingual where the system has a Chinese font, English elsewhere:

    ax.set_xlabel(plots.label("time step", "时间步"))
"""

import functools
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib import font_manager

__all__ = ["BASELINE", "MODEL", "TRUTH", "cjk_font", "label", "use_house_style"]

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
                  "`python -m utils doctor` names fonts to install.")
        return
    plt.rcParams["font.family"] = "sans-serif"
    fonts = [name for name in plt.rcParams["font.sans-serif"] if name != font]
    plt.rcParams["font.sans-serif"] = [font, *fonts]    # first: text beside $...$ cannot fall back


def label(english, chinese):
    """Return "english chinese" where a Chinese font is there, else "english"."""
    return f"{english} {chinese}" if cjk_font() else english
