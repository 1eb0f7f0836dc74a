"""Loaders of univariate series: units, gaps, and files that are not what they should be."""

import importlib
import socket
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import utils.data as data
from utils.data import DataError

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FROM_FILES = {
    "load_airline_passengers": ("airline-passengers.csv", "passengers_thousand", "MS"),
    "load_min_temperatures": ("daily-min-temperatures.csv", "temp_c", "D"),
    "load_monthly_sunspots": ("monthly-sunspots.csv", "sunspots", "MS"),
}
INSIDE = {"load_sunspots": ("sunspots", "YS"), "load_co2": ("co2_ppmv", "W-SAT"),
          "load_elnino": ("temp_c", "MS")}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty COURSE_DATA in quick mode, and a machine without any network."""
    def no_network(*arguments, **options):
        raise AssertionError("a loader asked the network")
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_MODE", raising=False)
    return tmp_path


def write(folder, file_name, times, values, end="\n"):
    """Write a file as its owners do: quoted header and times, a value a row."""
    (folder / "series").mkdir(exist_ok=True)
    rows = [f'"{time}",{value}' for time, value in zip(times, values, strict=True)]
    path = folder / "series" / file_name
    path.write_bytes((end.join(['"Time","Value"', *rows]) + end).encode())
    return path


@pytest.mark.parametrize("loader", FROM_FILES)
def test_a_series_has_its_unit_in_its_name_and_a_regular_index(folder, loader):
    file_name, name, frequency = FROM_FILES[loader]
    times = pd.date_range("1981-01-01", periods=5, freq=frequency)
    written = times.strftime("%Y-%m-%d" if frequency == "D" else "%Y-%m")
    write(folder, file_name, written, [20.5, -1.0, 0.0, 7, 3], end="\r\n")
    series = getattr(data, loader)()
    assert (series.name, series.index.name) == (name, "date")
    assert series.dtype == float and series.index.freqstr == frequency
    assert series.index.equals(times)
    assert series.tolist() == [20.5, -1.0, 0.0, 7.0, 3.0]


def test_a_missing_day_is_nan_and_not_a_shorter_series(folder):
    write(folder, "daily-min-temperatures.csv", ["1984-12-30", "1985-01-01"], [11.5, 13.25])
    series = data.load_min_temperatures()
    assert series.index.strftime("%Y-%m-%d").tolist() == ["1984-12-30", "1984-12-31", "1985-01-01"]
    assert np.isnan(series.iloc[1])


def test_doubtful_values_marked_with_a_question_mark_are_read(folder):
    write(folder, "daily-min-temperatures.csv", ["1982-07-20", "1982-07-21"], ["?0.2", "?0.8"])
    assert data.load_min_temperatures().tolist() == [0.2, 0.8]


@pytest.mark.parametrize("loader", FROM_FILES)
def test_an_absent_file_names_the_one_command_that_fetches_it(folder, loader):
    with pytest.raises(DataError, match=r"`python -m utils data fetch series`") as caught:
        getattr(data, loader)()
    assert FROM_FILES[loader][0] in str(caught.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("content", [
    b"", b"<html>not found</html>", b'"Month","Passengers"\n', b'"Month","P"\n"1949-01",many\n',
    b'"Month","P"\n"someday",3\n', b'"Month","P"\n"1949-01",1\n"1949-01",2\n',
    b'"Month","P"\n"1949-01-07",1\n"1949-02-11",2\n', b"\xff\xfe\x00",
    b"Month,P\nJan-49,1\nFeb-49,2\n", b"Month,P\n1/1/49,1\n2/1/49,2\n",
    b"Month,P\n2949-01,1\n2949-02,2\n", b"Month,P\n1949-01,1\nA footer,\n"],
    ids=["empty", "html", "no rows", "no number", "no date", "twice", "not monthly", "binary",
         "two digits", "two digits, days", "to come", "footer"])
def test_a_file_that_is_no_such_series_is_one_sentence(folder, content):
    path = write(folder, "airline-passengers.csv", [], [])
    path.write_bytes(content)
    with pytest.raises(DataError, match="read") as caught:
        data.load_airline_passengers()
    message = str(caught.value)
    assert str(path) in message and "fetch series" in message and "\n" not in message


@pytest.mark.parametrize("loader", INSIDE)
def test_the_series_of_statsmodels_need_no_file_and_no_network(folder, loader):
    series = getattr(data, loader)()
    name, frequency = INSIDE[loader]
    assert (series.name, series.index.name, series.dtype) == (name, "date", float)
    assert series.index.freqstr.removesuffix("-JAN") == frequency
    assert series.index.is_unique and series.index.is_monotonic_increasing


def test_elnino_puts_each_month_of_the_table_in_its_place(folder):
    from statsmodels.datasets import elnino
    table = elnino.load_pandas().data.set_index("YEAR")
    series = data.load_elnino()
    for year, month, column in ((1950, 1, "JAN"), (1983, 6, "JUN"), (2010, 12, "DEC")):
        assert series[pd.Timestamp(year, month, 1)] == table.loc[year, column]
    assert len(series) == table.size


def test_co2_keeps_its_gaps(folder):
    from statsmodels.datasets import co2
    source = co2.load_pandas().data["co2"]
    series = data.load_co2()
    assert series.count() == source.count()
    assert (series.index.day_name() == "Saturday").all()
    assert series["1958-03-29"] == source.iloc[0]


def test_sunspots_are_one_value_a_year(folder):
    series = data.load_sunspots()
    assert series.index.year.tolist() == list(range(1700, 2009))


def test_every_exported_name_exists():
    assert sorted(data.__all__) == sorted(set(data.__all__))
    for name in data.__all__:
        assert getattr(data, name).__doc__ or name == "REGISTRY"
    for module in ("fetching.download", "fetching.locks", "fetching.registry", "sales", "series",
                   "fetching.store", "fetching.unpack"):
        loaded = importlib.import_module(f"utils.data.{module}")
        assert all(hasattr(loaded, name) for name in loaded.__all__)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data sets are not beside this clone")
@pytest.mark.parametrize("loader, first, last, n_values, n_missing", [
    ("load_airline_passengers", "1949-01-01", "1960-12-01", 144, 0),
    ("load_min_temperatures", "1981-01-01", "1990-12-31", 3650, 2),
    ("load_monthly_sunspots", "1749-01-01", "1983-12-01", 2820, 0)])
def test_the_real_files_are_read_whole(folder, monkeypatch, loader, first, last, n_values,
                                       n_missing):
    monkeypatch.setenv("COURSE_DATA", str(SHARED))
    series = getattr(data, loader)()
    assert (series.index[0], series.index[-1]) == (pd.Timestamp(first), pd.Timestamp(last))
    assert (series.count(), series.isna().sum()) == (n_values, n_missing)
