"""Drawings of networks: what is drawn, not how it looks."""

import matplotlib.pyplot as plt
import pytest

from utils.plots import unrolled_rnn


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def words(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("steps", [1, 3])
def test_every_step_has_an_input_a_state_and_a_loss(steps):
    names = words(unrolled_rnn(steps))
    for t in range(1, steps + 1):
        assert {f"$x_{t}$", f"$h_{t}$", f"$L_{t}$"} <= set(names)
    assert names.count("$U$") == names.count("$W$") == names.count("$V$") == steps


def test_the_error_has_a_way_back_through_every_U_and_V():
    forward, both = unrolled_rnn(3), unrolled_rnn(3, backward=True)
    assert len(both.texts) == len(forward.texts) + 6
    assert len(both.get_legend().get_texts()) == 2


def test_no_step_is_an_error():
    with pytest.raises(ValueError, match="got 0"):
        unrolled_rnn(0)
