"""The house style, by the data that figures hold."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from utils import plots
from utils.plots import style


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def fresh():
    plots.cjk_font.cache_clear()
    style._say_once.cache_clear()
    yield
    plots.cjk_font.cache_clear()
    style._say_once.cache_clear()


def test_without_a_chinese_font_labels_are_english_and_it_is_said_once(fresh, monkeypatch, capsys):
    monkeypatch.setattr(style.font_manager, "findSystemFonts", lambda: [])
    plots.use_house_style()
    plots.use_house_style()
    assert plots.label("time step", "时间步") == "time step"
    assert capsys.readouterr().out.count("No Chinese font") == 1


def test_with_a_chinese_font_labels_are_bilingual_and_draw_no_boxes(fresh, recwarn):
    if plots.cjk_font() is None:
        pytest.skip("no Chinese font on this system")
    plots.use_house_style()
    assert plt.rcParams["font.sans-serif"][0] == plots.cjk_font()
    text = plots.label("hidden state $h_t$", "隐藏状态")
    assert text == "hidden state $h_t$ 隐藏状态"
    ax = plots.loss_curves({"model 模型": [2.0, 1.0]}, text, "loss 损失")
    ax.figure.canvas.draw()
    assert not [w for w in recwarn if "Glyph" in str(w.message)]


def test_a_broken_font_file_is_passed_over(fresh, monkeypatch, tmp_path):
    broken = tmp_path / "msyh.ttc"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(style.font_manager, "findSystemFonts", lambda: [str(broken)])
    assert plots.cjk_font() is None


def test_loss_curves_hold_the_losses_and_the_baselines():
    ax = plots.loss_curves({"rnn": [3.0, 2.0, 1.0]}, "MSE", "t", baselines={"mean": 2.5})
    curve, baseline = ax.lines
    np.testing.assert_array_equal(curve.get_xydata(), [[1, 3], [2, 2], [3, 1]])
    assert set(baseline.get_ydata()) == {2.5}
    assert baseline.get_color() == plots.BASELINE
    assert ax.get_xlabel().startswith("epoch")


def test_forecast_draws_truth_black_model_blue_baseline_grey_and_marks_the_origin():
    t = np.arange(10)
    ax = plots.forecast(t, t * 1.0, {"rnn": (t[5:], t[5:] + 0.5)}, "sales (items)", "t",
                        origin=4, baselines={"last value": (t[5:], np.full(5, 4.0))})
    colours = [line.get_color() for line in ax.lines]
    assert colours[:3] == [plots.TRUTH, plots.BASELINE, plots.MODEL]
    np.testing.assert_array_equal(ax.lines[2].get_ydata(), t[5:] + 0.5)
    assert set(ax.lines[3].get_xdata()) == {4}


def test_heatmap_is_centred_where_asked():
    ax = plots.heatmap(np.array([[0.0, 1.0], [2.0, -3.0]]), "step", "unit", "h", "t", center=0.0)
    assert ax.images[0].get_clim() == (-3.0, 3.0)
    with pytest.raises(ValueError, match=r"\(3,\)"):
        plots.heatmap(np.zeros(3), "", "", "", "")
