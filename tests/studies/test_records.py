"""What pages show of stored studies is what the records say, and the records bear out the lessons.

Prose may be written anew at will: of a page only what stands between marks is compared.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import tables
from benchmarks.rows import TABLES
from utils.by_hand import VARIANTS
from utils.studies import load_record, load_table
from utils.studies.depth import STACKS
from utils.studies.tasks import TASKS, make_task
from utils.studies.variants import RATES

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in tables.PAGES}


# --- pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", tables.PAGES)
def test_what_stands_between_marks_is_what_the_records_say(page):
    assert tables.filled(TEXTS[page]) == TEXTS[page]


def test_every_table_is_shown_once_and_every_record_has_one():
    shown = [found[1] for found in tables.TABLE.findall(TEXTS["benchmarks/README.md"])]
    assert sorted(shown) == sorted(TABLES)
    assert not tables.TABLE.search(TEXTS["README.md"])
    records = {path.stem for path in (ROOT / "benchmarks/results").iterdir()}
    assert records == {record for record, _ in TABLES.values()}


def test_readme_has_five_figures_each_with_a_link_to_its_table():
    lines = [line.replace("\n", " ") for line in re.findall(
        r"^- (\[.*?)(?=\n- |\n\n)", TEXTS["README.md"], re.MULTILINE | re.DOTALL)]
    assert len(lines) == 5
    titles = re.findall(r"^## (.+)$", TEXTS["benchmarks/README.md"], re.MULTILINE)
    anchors = {title.lower().replace(" ", "-") for title in titles}
    for line in lines:
        assert len(tables.VALUE.findall(line)) == 1
        assert re.search(r"\]\(benchmarks/README\.md#([\w-]+)\)", line)[1] in anchors


@pytest.mark.parametrize("page", tables.PAGES)
def test_a_changed_figure_is_found_and_put_right_and_changed_words_are_not(page, tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Other words.\n\n{text}", encoding="utf-8")
    assert tables.stale(tmp_path) == []
    path = tmp_path / page
    path.write_text(path.read_text(encoding="utf-8").replace("0.906", "0.916"), encoding="utf-8")
    assert tables.stale(tmp_path) == [page] == tables.stale(tmp_path, write=True)
    assert tables.stale(tmp_path) == []
    assert path.read_text(encoding="utf-8") == f"Other words.\n\n{TEXTS[page]}"


@pytest.mark.parametrize(("text", "message"), [
    ("<!-- value nonsense -->1<!-- / -->", "no value 'nonsense'"),
    ("<!-- table nonsense -->\n<!-- end of table nonsense -->", "no table 'nonsense'"),
    ("<!-- table cells -->\n| a |", "table cells -->"),
    ("0.349<!-- / -->", "lacks its other half"),
    ("<!-- value sales -->0.349", "value sales -->"),
])
def test_a_mark_that_means_nothing_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        tables.filled(text)


def test_the_command_says_which_page_differs(tmp_path, monkeypatch, capsys):
    (tmp_path / "benchmarks").mkdir()
    for name in tables.PAGES:
        (tmp_path / name).write_text("<!-- value adding -->7 of 7<!-- / -->", encoding="utf-8")
    monkeypatch.setattr(tables, "stale", lambda write, real=tables.stale: real(tmp_path, write))
    assert tables.main(["--check"]) == 1
    assert capsys.readouterr().out.count("python -m benchmarks.tables") == 2
    assert tables.main([]) == 0
    assert tables.main(["--check"]) == 0


# --- recurrent cells -----------------------------------------------------------------------


def test_the_lstm_solves_what_the_simple_rnn_cannot():
    rows = [row for row in load_record("lags")["figures"] if row["task"] == "adding"]
    ends = {(cell, length): [row for row in rows if (row["cell"], row["lag"]) == (cell, length)]
            for cell in ("SimpleRNN", "LSTM") for length in (60, 80, 150)}
    assert {len(runs) for runs in ends.values()} == {5}
    assert all(row["solved"] for length in (60, 80, 150) for row in ends["LSTM", length])
    assert all(row["beats"] for row in ends["SimpleRNN", 60])
    assert not all(row["beats"] for row in ends["SimpleRNN", 80])
    assert not any(row["beats"] for row in ends["SimpleRNN", 150])


def test_the_cells_in_numpy_take_less_time_than_keras():
    ratios = [row["keras_over_numpy"] for row in load_record("cells")["figures"]]
    assert len(ratios) == 6 and min(ratios) >= 1


def test_the_study_of_variants_is_complete():
    study = load_table("variants")
    assert len(study) == len(VARIANTS) * len(TASKS) * len(RATES) * 5
    assert not study.duplicated(["task", "variant", "rate", "seed"]).any()
    means = study.groupby(["task", "variant", "rate"])[["validation", "test"]].mean().reset_index()
    best = means.loc[means.groupby(["task", "variant"])["validation"].idxmin()]
    best = best[best["task"] == "temperature"]["test"].min()
    linear = make_task("temperature").baselines["linear on the same months"]
    assert 0 < (linear - best) / linear < 0.03


def test_the_study_of_depth_is_complete():
    rows = load_record("depth")["figures"]
    assert len(rows) == len(STACKS) * 5
    sizes = np.array([row["parameters"] for row in rows])
    assert sizes.max() < 1.05 * sizes.min()


# --- series --------------------------------------------------------------------------------


def test_the_network_forecasts_sales_better_than_the_linear_model_with_every_seed():
    found = load_record("forecasting")["sales_one_day"]
    assert found["SimpleRNN"]["mase"]["worst"] < found["linear"]["mase"]


def test_what_the_page_says_of_the_leaderboard_holds():
    cases = load_record("mining")["figures"]
    best = [min(case["methods"], key=lambda m, c=case: c["methods"][m]["mase"])
            for case in cases.values()]
    assert best.count("encoder-decoder") == 2
    assert sum(method in ("SARIMA", "linear on lags") for method in best) == 5
    for name, case in cases.items():
        shares = {m: found["beats_last_value"] for m, found in case["methods"].items()
                  if m not in ("last value", "moving average")}
        if name.endswith(("monthly", "weekly")):
            assert min(shares.values()) == 1
        if name == "sales, daily":
            assert max(shares.values()) < 1
    networks = ("CNN", "SimpleRNN", "LSTM", "GRU", "encoder-decoder")
    over = {key: np.mean([case["methods"][m][key] for case in cases.values() for m in networks])
            for key in ("over_origins", "over_seeds")}
    assert 3 < over["over_origins"] / over["over_seeds"] < 5


# --- text ----------------------------------------------------------------------------------


def test_a_network_on_imdb_is_trained_faster_than_keras_example():
    found = load_record("sentiment")["figures"]["imdb"]
    runs = found["BiGRU with pairs"]["runs"]
    assert len(runs) == 3 and found["BiGRU with pairs"]["test_accuracy"]["mean"] >= 0.89
    assert max(run["seconds"] for run in runs) < found["2 x BiLSTM reference"]["seconds"]


def test_each_stored_network_of_threads_beats_the_ngrams_and_writes_threads():
    main = load_record("threads")["figures"]["main"]
    for part in ("validation", "test"):
        best = min(each[part] for each in main["n-gram by order"].values())
        assert all(run[part] < best for run in main["network"])
    shares = pd.DataFrame([run["threads_by_sampling"] for run in main["network"]])
    assert len(shares) == 3
    assert shares["T 0.5"].min() >= 0.9 and shares["T 0.7, top-p 0.9"].mean() >= 0.9


def test_characters_are_learned_and_written_as_fast_as_the_page_says():
    found = load_record("characters")["figures"]
    one, many = (found["speed"][f"{k} at a time, plain"] for k in (1, 64))
    assert found["shakespeare"]["with pairs"]["val_nats"]["mean"] <= 1.5
    assert one["times_as_fast_as_predict"] > 4000 and many["characters_per_second"] > 150_000


# --- captions ------------------------------------------------------------------------------


def test_attention_captions_photographs_better_than_one_vector():
    found = load_record("captions")["figures"]
    one, attended = (found[lesson]["test"] for lesson in ("lesson_11", "lesson_12"))
    assert len(one["runs"]) == len(attended["runs"]) == 3
    for name in ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "CIDEr-D"):
        assert attended[name]["mean"] > one[name]["mean"]
