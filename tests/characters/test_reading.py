"""Reading gives the bits of `evaluate`, whatever stands beside a text; colours find places."""

import numpy as np
import pytest

from utils.characters import (
    CharModel,
    ThreadPlayground,
    evaluate,
    is_thread,
    read_texts,
    reset_state,
    unit_correlations,
)
from utils.plots import coloured_text
from utils.plots.text import text_cells
from utils.studies.threads import windowed_bits
from utils.text import Alphabet

TEXT = "".join(np.random.default_rng(0).choice(list("abcdef\n好"), 300))
ALPHABET = Alphabet.fit(TEXT + "■")


def _random_model(kind="GRU", alphabet=ALPHABET, **options):
    model = CharModel(alphabet, kind, 6, embedding=4, **options)
    rng = np.random.default_rng(1)
    for weight in model.network(1).trainable_variables:
        weight.assign(rng.normal(size=weight.shape))
    return model


@pytest.mark.parametrize(("kind", "layers"), [("GRU", 1), ("LSTM", 2)])
def test_reading_costs_what_evaluate_says(kind, layers):
    model = _random_model(kind, layers=layers)
    [reading] = read_texts(model, [TEXT[1:150]], streams=1, before=TEXT[0], steps=32)
    assert reading.bits.mean() == pytest.approx(evaluate(model, TEXT[:150], streams=1).bits, 1e-4)
    assert reading.states.shape == (149, 6)


def test_texts_of_other_lengths_beside_it_change_nothing():
    model, texts = _random_model(), [TEXT[:90], TEXT[100:103], TEXT[150:290], TEXT[5:70]]
    together = read_texts(model, texts, streams=3, steps=16)
    for text, found in zip(texts, together, strict=True):
        [alone] = read_texts(model, [text], streams=1, steps=200)
        assert found.text == text
        np.testing.assert_allclose(found.bits, alone.bits, atol=1e-4)
        np.testing.assert_allclose(found.states, alone.states, atol=1e-5)


def test_states_are_those_after_each_character():
    model = _random_model()
    [found] = read_texts(model, ["ab"], streams=1)
    network = model.network(1)
    reset_state(network)
    network(model.inputs(ALPHABET.encode("■ab"))[None])
    last = network.layers[2].states[0]
    np.testing.assert_allclose(found.states[-1], np.asarray(last)[0], atol=1e-5)


@pytest.mark.parametrize("texts", ["one text", ["a", ""], [3]])
def test_what_cannot_be_read_is_named(texts):
    with pytest.raises(ValueError, match=r"texts.*list"):
        read_texts(_random_model(), texts)
    with pytest.raises(ValueError, match=r"before.*one character"):
        read_texts(_random_model(), ["a"], before="ab")


def test_correlations_are_numpys():
    rng = np.random.default_rng(2)
    states, feature = rng.normal(size=(50, 4)), rng.random(50) > 0.5
    right = [np.corrcoef(states[:, k], feature)[0, 1] for k in range(4)]
    np.testing.assert_allclose(unit_correlations(states, feature), right)
    with pytest.raises(ValueError, match="everywhere"):
        unit_correlations(states, np.ones(50))
    with pytest.raises(ValueError, match=r"\(50, 4\).*\(49,\)"):
        unit_correlations(states, feature[1:])


def test_windows_begin_anew():
    model = _random_model()
    parts = [evaluate(model, TEXT[k:k + 65], streams=1).bits for k in range(0, 235, 64)]
    assert windowed_bits(model, TEXT, 64, streams=3) == pytest.approx(np.mean(parts), 1e-4)
    with pytest.raises(ValueError, match=r"65 characters.*got 10"):
        windowed_bits(model, TEXT[:10])


@pytest.mark.parametrize("kind", ["GRU", "LSTM"])
def test_a_start_with_memory_holds_longer_and_leaves_the_other_units(kind):
    model = CharModel(ALPHABET, kind, units=8, embedding=4)
    _, _, before = model.network(1).layers[2].get_weights()
    model.start_with_memory(100, share=0.5)
    _, _, bias = model.network(1).layers[2].get_weights()
    at = 0 if kind == "GRU" else 8
    bias, before = np.atleast_2d(bias)[0], np.atleast_2d(before)[0]
    assert (bias[at:at + 4] > 0).all()
    assert (bias[at:at + 4] < np.log(100)).all()
    np.testing.assert_array_equal(bias[at + 4:at + 8], before[at + 4:at + 8])
    with pytest.raises(ValueError, match=r"steps.*2"):
        model.start_with_memory(1)
    with pytest.raises(ValueError, match="gates"):
        CharModel(ALPHABET, "SimpleRNN", units=4).start_with_memory(10)


def test_each_character_has_its_place_and_its_colour():
    cells = text_cells("好好ab\nc", columns=4)
    assert cells.tolist() == [[0, 0, 2], [0, 2, 2], [1, 0, 1], [1, 1, 1], [1, 2, 1], [2, 0, 1]]
    ax = coloured_text("a好\nb", [1.0, -1, 0, 0.5], columns=8)
    red, blue, *_ = (patch.get_facecolor() for patch in ax.patches)
    assert len(ax.patches) == 4
    assert red[0] > red[2] and blue[2] > blue[0]
    with pytest.raises(ValueError, match=r"\(2,\).*3 characters"):
        coloured_text("abc", [1, 2])
    with pytest.raises(ValueError, match=r"columns.*2"):
        text_cells("a", 1)


def test_the_playground_answers_every_input_with_text():
    sign = "".join(sorted(set("【显卡吧】求助1楼 \n■好")))
    board = ThreadPlayground(_random_model(alphabet=Alphabet.fit(sign)), ["显卡吧"], 20)
    text = board.write("显卡吧", "求助")
    assert text.startswith("【显卡吧】求助\n1楼 ")
    assert is_thread(text) or text.endswith(("…", "■"))
    assert board.write("显卡吧", "求助") == text
    assert "no board" in board.write("无吧", "求助")
    assert "title needs" in board.write("显卡吧", "")
    assert "temperature must be" in board.write("显卡吧", "求助", -1)
    assert "sign of the form" in board.write("显卡吧", "求■")
    form = board.show()
    assert "【显卡吧】" in form.children[-1].value
