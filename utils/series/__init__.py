"""Windows, time-ordered splits, baselines and errors for series.

Time is the first axis of a series, (time,) or (time, features), oldest first; windows are
(samples, n_past, features). Nothing here shuffles. Nothing looks ahead but what says so:
some ways to clean and to take apart a series do, and belong before a forecast's origin.
"""

from .anomalies import (
    average_precision,
    event_scores,
    plant_anomalies,
    residual_scores,
    rolling_zscore,
)
from .backtest import backtest, leaderboard, rolling_origins, scores
from .cleaning import check_series, fill_gaps, resample_mean
from .comparison import diebold_mariano
from .decomposition import decompose, difference, seasonal_strength, stationarity
from .forecasters import LastValue, LinearLags, MovingAverage, SeasonalNaive
from .measures import autocorrelation, coverage, mae, mase, paired_difference, pinball, rmse
from .peeking import peeks
from .rules import Linear, last_value, moving_average, recursive_forecast, seasonal_naive
from .smoothing import exponential_smoothing, hampel_outliers, smooth
from .state_space import ExponentialSmoothing, Sarima
from .windows import make_multistep_windows, make_windows, time_split

__all__ = [
    "ExponentialSmoothing", "LastValue", "Linear", "LinearLags", "MovingAverage", "Sarima",
    "SeasonalNaive", "autocorrelation", "average_precision", "backtest", "check_series",
    "coverage", "decompose", "diebold_mariano", "difference", "event_scores",
    "exponential_smoothing", "fill_gaps", "hampel_outliers", "last_value",
    "leaderboard", "mae", "make_multistep_windows", "make_windows", "mase",
    "moving_average", "paired_difference", "peeks", "pinball", "plant_anomalies",
    "recursive_forecast", "resample_mean", "residual_scores", "rmse", "rolling_origins",
    "rolling_zscore", "scores", "seasonal_naive", "seasonal_strength", "smooth",
    "stationarity", "time_split",
]
