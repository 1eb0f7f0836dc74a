"""Scaling: by the training part alone, and no other numbers than the formula's."""

import subprocess
import sys

import numpy as np
import pytest

from utils import scaling
from utils.scaling import Standardizer

REGIONS = Standardizer(padding=True, added=1e-3)


def test_standardizer_inverts_and_ignores_what_it_was_not_fitted_on():
    rows = np.random.default_rng(0).normal(size=(40, 3)).cumsum(axis=0) + 5
    a, b = rows.copy(), rows.copy()
    b[30:] *= 7
    first = Standardizer().fit(a[:30])
    np.testing.assert_allclose(first.transform(a[:30]).mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(first.transform(a[:30]).std(axis=0), 1)
    np.testing.assert_array_equal(
        first.transform(a)[:30], Standardizer().fit(b[:30]).transform(b)[:30]
    )
    np.testing.assert_allclose(first.inverse(first.transform(b)), b)


def test_standardizer_skips_missing_values_and_keeps_constants_finite():
    scaler = Standardizer().fit(np.array([[1.0, 4.0], [np.nan, 4.0], [3.0, 4.0]]))
    np.testing.assert_allclose(scaler.mean, [2, 4])
    np.testing.assert_allclose(scaler.transform([[3.0, 4.0]]), [[1, 0]])
    for scale in (1e-9, 0.1, 1e9):              # the mean of ten 0.1 is not 0.1
        found = Standardizer().fit(np.full(10, scale)).transform([scale])
        np.testing.assert_allclose(found, 0, atol=1e-6)
    with pytest.raises(ValueError, match="no known value"):
        Standardizer().fit(np.full(3, np.nan))
    with pytest.raises(ValueError, match="not fitted"):
        Standardizer().transform([1.0])


def test_standardised_regions_have_mean_0_and_spread_1_without_padding():
    rng = np.random.default_rng(2)
    known = rng.normal(3, 2, size=(50, 3, 4))
    known[:20, 2] = 0

    found = REGIONS.fit(known).transform(known)

    real = known.any(axis=-1)
    np.testing.assert_allclose(found[real].mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found[real].std(axis=0), 1, atol=1e-2)
    assert not found[~real].any()


def by_formula(known, features):
    """Return what regions of images were scaled to before scikit-learn did it."""
    rows = known[np.any(known != 0, axis=-1)].astype("float64")
    found = ((features - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-3)).astype("float32")
    found[~np.any(features != 0, axis=-1)] = 0.0
    return found


@pytest.mark.parametrize("kind", ["float16", "float32"])
def test_regions_of_any_rank_are_scaled_as_by_the_formula_in_float32(kind, monkeypatch):
    monkeypatch.setattr(scaling, "BLOCK", 100)          # many blocks, the last one short
    rng = np.random.default_rng(3)
    maps = rng.normal(3, 2, size=(40, 3, 5, 6)).astype(kind)
    maps[..., 4] = 0                                    # a feature that never stirs
    maps[:20, 2] = 0                                    # whole blocks of padding
    maps[30, 0, 0, 4] = 0.5                             # … until it does, in the test part
    before = maps.copy()

    found = Standardizer(padding=True, added=1e-3).fit(maps[:30]).transform(maps)

    assert found.dtype == np.float32
    np.testing.assert_allclose(found, by_formula(maps[:30], maps), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(maps, before)


@pytest.mark.parametrize("unknown", [slice(7, 8), slice(0, 20), slice(20, 40)])
def test_a_series_is_scaled_as_by_the_formula_in_any_shape(unknown, monkeypatch):
    monkeypatch.setattr(scaling, "BLOCK", 10)
    past = np.random.default_rng(4).normal(100, 3, 50)
    past[unknown] = np.nan
    scaler = Standardizer().fit(past)
    windows = past[:48].reshape(4, 12)
    by_hand = (windows - np.nanmean(past)) / np.nanstd(past)
    np.testing.assert_allclose(scaler.transform(windows), by_hand, rtol=1e-12)
    np.testing.assert_allclose(scaler.inverse(by_hand), windows, rtol=1e-12)
    assert scaler.inverse(0.0) == scaler.mean and np.ndim(scaler.mean) == 0


def test_a_nearly_constant_feature_is_not_blown_up():
    almost = np.array([0.3, 0.1 + 0.2, 0.3])            # equal but for rounding
    assert len(set(almost)) == 2
    np.testing.assert_allclose(Standardizer().fit(almost).transform(almost), 0, atol=1e-6)


def test_other_features_than_the_fitted_are_told():
    with pytest.raises(ValueError, match=r"2 features, got shape \(2, 3\)"):
        Standardizer().fit(np.eye(2)).transform(np.ones((2, 3)))


@pytest.mark.parametrize("rows", [np.zeros((0, 3)), np.zeros((4, 3)), np.array([])])
def test_rows_that_hold_nothing_are_told(rows):
    with pytest.raises(ValueError, match="no known value"):
        Standardizer(padding=True).fit(rows)


def test_importing_it_does_not_load_scikit_learn():
    code = "import sys, utils.scaling, utils.series; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
