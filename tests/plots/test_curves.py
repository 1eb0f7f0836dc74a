"""The drawings of lesson 01: what is drawn, asked from the axes."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")

import matplotlib.pyplot as plt

from utils import plots


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def arrows(ax):
    """Return (start, end) of every arrow that was drawn."""
    return [(tuple(a.xyann), tuple(a.xy)) for a in ax.texts if getattr(a, "arrow_patch", None)]


def test_every_label_is_drawn_and_an_empty_step_draws_none():
    ax = plots.unrolled(["x1", "x2", None], ["h1", "h2", "h3"], [None, None, "y"])
    assert sorted(texts(ax)) == ["h1", "h2", "h3", "x1", "x2", "y"]


def test_the_state_goes_from_left_to_right_and_from_no_network_to_another():
    ax = plots.unrolled([None] * 4, ["h1", "h2", "s1", "s2"], [None] * 4)
    across = [(start[0], end[0]) for start, end in arrows(ax) if start[1] == end[1]]
    assert [(round(a), round(b)) for a, b in across] == [(0, 1), (2, 3)]
    assert all(start < end for start, end in across)


def test_inputs_point_up_into_a_cell_and_outputs_up_out_of_it():
    ax = plots.unrolled(["x"], ["h"], ["y"])
    (_, below), (above, _) = sorted(arrows(ax))[0], sorted(arrows(ax))[-1]
    assert below[1] < 1 < above[1]
    assert all(start[1] < end[1] for start, end in arrows(ax))


def test_steps_of_unequal_number_are_named():
    with pytest.raises(ValueError, match="got 2, 1 and 1"):
        plots.unrolled(["x", "x"], ["h"], ["y"])


def test_the_tangent_touches_the_curve_and_has_its_slope():
    _, ax = plt.subplots()
    z = np.linspace(-2, 2, 9)
    plots.curve_and_slope(ax, z, lambda z: z**2, lambda z: 2 * z, "square", at=1.5)
    value, slope, tangent, point = (line.get_xydata() for line in ax.lines)
    np.testing.assert_allclose(value[:, 1], z**2)
    np.testing.assert_allclose(slope[:, 1], 2 * z)
    (x0, y0), (x1, y1) = tangent
    assert (y1 - y0) / (x1 - x0) == pytest.approx(3)
    assert y0 + (1.5 - x0) * 3 == pytest.approx(1.5**2)
    assert point.tolist() == [[1.5, 2.25]]


def test_without_a_place_there_is_no_tangent():
    _, ax = plt.subplots()
    plots.curve_and_slope(ax, np.arange(3.0), np.sin, np.cos, "sine")
    assert len(ax.lines) == 2
