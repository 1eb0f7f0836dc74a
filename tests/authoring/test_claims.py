"""Claims measured: what a notebook's asserts hold, and by how much."""

import nbformat
import pytest

from utils.authoring.claims import asserts_in, measured, read_claims
from utils.authoring.execute import run_notebook
from utils.authoring.flakes import Way, flakes, table, ways
from utils.authoring.text import from_text

TEXT = """\
%% code claims
import numpy as np
low, high = np.array([1.0, 2.0]), np.array([4.0, 2.5])
assert max(low) < min(high), "said"
assert all(a < 3 for a in low) and np.allclose(low, low)
assert low[0] > 5, "it goes on"
assert 1 < low[1] < 2.25
assert "a" in "abc"
later = "reached"

%% code random
rng = np.random.default_rng(3)
assert rng.normal() == np.random.default_rng(SEED).normal()
assert later == "reached"
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "97_sample.ipynb"
    nbformat.write(from_text(TEXT.replace("SEED", "3"), {}), path)
    return path


def run(path, tmp_path, prologue=""):
    copy = tmp_path / "measured.ipynb"
    nbformat.write(measured(nbformat.read(path, as_version=4), prologue), copy)
    return read_claims(run_notebook(copy, strict=True))


def test_every_assert_is_measured_and_none_stops_the_run(path, tmp_path):
    rows = run(path, tmp_path)
    assert [row["holds"] for row in rows] == [True, True, False, True, True, True, True]
    assert [row["claim"] for row in rows] == [s for _, s in
                                              asserts_in(nbformat.read(path, as_version=4))]
    assert rows[0]["closest"] == [0.5, 2.0, "<", 2.5]
    assert rows[1]["closest"] == [1.0, 2.0, "<", 3.0]       # the nearest of a generator's
    assert rows[2]["closest"] == [-4.0, 1.0, ">", 5.0]
    assert rows[3]["closest"] == [0.25, 2.0, "<", 2.25]     # the nearer side of a chain
    assert rows[4]["closest"] is None


def test_a_run_that_did_not_measure_is_told_apart(path):
    with pytest.raises(ValueError, match="claims"):
        read_claims(nbformat.read(path, as_version=4))


def test_flakes_shift_seeds_and_name_the_way_in_which_a_claim_failed(tmp_path, capsys):
    path = tmp_path / "97_sample.ipynb"
    nbformat.write(from_text(TEXT.replace("SEED", "[3]").replace("low[0] > 5", "low[0] > 0"), {}),
                   path)
    plain = flakes(path, [Way("as is")], tmp_path / "kept.json")
    both = flakes(path, [Way("shifted", shift=1)], tmp_path / "kept.json")
    assert len(plain) == 1 and len(both) == 2               # the file keeps earlier runs
    drawn = [run["claims"][-2] for run in both]
    assert [claim["holds"] for claim in drawn] == [True, True]      # [3] is shifted as 3 is
    text = table(both)
    assert "2/2" in text and "FAILED" not in text
    both[1]["claims"][0]["holds"] = False
    assert "1/2" in table(both) and "FAILED: shifted" in table(both)


def test_the_first_ways_are_kinds_of_machines_and_the_others_other_seeds():
    chosen = ways(8)
    assert [way.shift for way in chosen] == [0] * 5 + [1, 2, 3]
    assert len({way.name for way in chosen}) == 8
    assert sum(way.busy for way in chosen) == 1
