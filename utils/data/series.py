"""Univariate time series: three inside statsmodels, three read from the data folder."""

import warnings

import numpy as np
import pandas as pd

from .errors import DataError
from .fetching.store import need_file

__all__ = [
    "load_airline_passengers",
    "load_co2",
    "load_elnino",
    "load_min_temperatures",
    "load_monthly_sunspots",
    "load_sunspots",
]


def load_sunspots():
    """Return the yearly sunspot numbers of 1700-2008, from statsmodels (public domain).

    Returns:
        Series `sunspots` (a count), indexed by the first day of each year, 309 values.

    Example:
        >>> load_sunspots().loc["1702-01-01"].item()
        16.0
    """
    from statsmodels.datasets import sunspots

    table = sunspots.load_pandas().data
    days = pd.to_datetime(table["YEAR"].astype(int).astype(str) + "-01-01")
    return _tidy(table["SUNACTIVITY"], days, "sunspots", "YS")


def load_co2():
    """Return weekly atmospheric CO2 at Mauna Loa, 1958-2001, from statsmodels (public domain).

    Returns:
        Series `co2_ppmv` (parts per million by volume), indexed by Saturdays without gaps,
        2,284 values, of which 59 are NaN: weeks without a measurement.

    Example:
        >>> int(load_co2().isna().sum())
        59
    """
    from statsmodels.datasets import co2

    table = co2.load_pandas().data
    return _tidy(table["co2"], table.index, "co2_ppmv", "W-SAT")


def load_elnino():
    """Return monthly Pacific sea surface temperatures, 1950-2010, from statsmodels.

    Public domain. The twelve columns of the source, one per month, become one series.

    Returns:
        Series `temp_c` (degrees Celsius), indexed by the first day of each month, 732 values.

    Example:
        >>> load_elnino().loc["1950-02-01"].item()
        24.2
    """
    from statsmodels.datasets import elnino

    table = elnino.load_pandas().data.set_index("YEAR")
    months = pd.date_range(f"{int(table.index[0])}-01-01", periods=table.size, freq="MS")
    return _tidy(table.to_numpy().ravel(), months, "temp_c", "MS")


def load_airline_passengers():
    """Return monthly airline passengers, 1949-1960, from data set "series".

    Returns:
        Series `passengers_thousand` (thousands a month), indexed by the first day of each
        month, 144 values.

    Raises:
        DataError: if the file is not there (quick mode), or is not what it should be.
    """
    return _from_csv("airline-passengers.csv", "passengers_thousand", "MS")


def load_min_temperatures():
    """Return daily minimum temperatures in Melbourne, 1981-1990, from data set "series".

    Returns:
        Series `temp_c` (degrees Celsius), indexed by day without gaps, 3,652 values. The
        source leaves out the last days of 1984 and 1988, two leap years: they are NaN.

    Raises:
        DataError: if the file is not there (quick mode), or is not what it should be.
    """
    return _from_csv("daily-min-temperatures.csv", "temp_c", "D")


def load_monthly_sunspots():
    """Return monthly mean sunspot numbers, 1749-1983, from data set "series".

    Returns:
        Series `sunspots` (a mean count), indexed by the first day of each month, 2,820 values.

    Raises:
        DataError: if the file is not there (quick mode), or is not what it should be.
    """
    return _from_csv("monthly-sunspots.csv", "sunspots", "MS")


def _from_csv(file_name, name, frequency):
    path = need_file("series", file_name)
    try:
        table = pd.read_csv(path, encoding="utf-8")
        if table.shape[1] != 2 or table.empty:
            raise ValueError("it needs two columns: time and value")
        # Some copies mark doubtful values with a question mark.
        values = pd.to_numeric(table.iloc[:, 1].astype(str).str.strip("?"))
        return _tidy(values, _times(table.iloc[:, 0]), name, frequency)
    except (ValueError, OSError) as error:
        reason = str(error).split("\n")[0].rstrip(".: ")
        raise DataError(f"{path} cannot be read as a series ({reason}): delete it and run "
                        "`python -m utils data fetch series`.") from None


def _times(column):
    """Return times, of which a spreadsheet has not cut or guessed the century."""
    short = column[~column.astype(str).str.contains(r"\d{4}")]
    if len(short):
        raise ValueError(f"its time {short.iloc[0]!r} lacks a year of four digits")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # that each time is read by itself
        times = pd.to_datetime(column)
    if times.max() > pd.Timestamp.now(times.dt.tz):
        raise ValueError(f"its time {times.max():%Y-%m-%d} is still to come")
    return times


def _tidy(values, times, name, frequency):
    """Return a float Series without gaps: one value per step of `frequency`, NaN if absent."""
    index = pd.DatetimeIndex(times, name="date")
    series = pd.Series(np.asarray(values, dtype=float), index=index, name=name)
    regular = series.asfreq(frequency)
    if regular.count() != series.count():
        raise ValueError(f"its times are not steps of {frequency}")
    return regular
