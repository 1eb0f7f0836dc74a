"""Windows, time-ordered splits, scaling, baselines and errors for series.

Time is the first axis of a series, (time,) or (time, features), oldest first; windows are
(samples, n_past, features). Nothing here shuffles, and nothing looks ahead.
"""

from .measures import autocorrelation, mae, mase, paired_difference
from .rules import Linear, last_value, moving_average, recursive_forecast, seasonal_naive
from .windows import Standardizer, make_multistep_windows, make_windows, time_split

__all__ = [
    "Linear", "Standardizer", "autocorrelation", "last_value", "mae",
    "make_multistep_windows", "make_windows", "mase", "moving_average", "paired_difference",
    "recursive_forecast", "seasonal_naive", "time_split",
]
