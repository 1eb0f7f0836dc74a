"""Every figure that README states of a stored study is in its record.

Prose may be written anew at will: of tables the numbers are read, row by row, and of a paragraph
the numbers alone. A paragraph is found by the command that measures what it says. (Seconds and
memory of the lessons are rewritten by `make record` and compared by `authoring check`.)
"""

import collections
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils.by_hand import VARIANTS
from utils.studies import load_record, load_table
from utils.studies.depth import STACKS
from utils.studies.tasks import TASKS, make_task
from utils.studies.variants import RATES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def numbers(text):
    """The numbers in a text as they are written, digits and all."""
    return re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)", text)


def table(first):
    """The rows of the README table whose first column is called `first`, as lists of cells."""
    tables = [[[cell.strip(" *") for cell in line.strip("|").split("|")]
               for line in found.splitlines()]
              for found in re.findall(r"(?:^\|.*\|\n)+", README, re.MULTILINE)]
    [head, _, *rows] = next(rows for rows in tables if rows[0][0] == first)
    return head, rows


def check_rows(first, wanted):
    """Assert that the rows hold these numbers; `wanted` is a list of (part of a name, numbers)."""
    _, rows = table(first)
    assert len(rows) == len(wanted)
    for (name, *cells), (part, shown) in zip(rows, wanted, strict=True):
        assert part in name
        assert [n for cell in cells for n in numbers(cell)] == shown, name


def check_paragraph(command, wanted):
    """Assert that these numbers are all in the paragraphs that name a command or a data set."""
    prose = [p for p in README.split("\n\n") if command in p and not p.startswith("|")]
    assert prose, f"README says nothing of {command}"
    missing = collections.Counter(wanted) - collections.Counter(numbers(" ".join(prose)))
    assert not missing, f"README's paragraph on {command} lacks {list(missing)}"


def mean_and_spread(found, digits=3):
    return [f"{found['mean']:.{digits}f}", f"{found['spread']:.{digits}f}"]


def test_numbers_are_read_as_they_are_written():
    assert numbers("5 of 5, 0.90 ± 0.002; 1,152 of MobileNet v1 (7x7), 3.") == [
        "5", "5", "0.90", "0.002", "1,152", "3"]


@pytest.mark.parametrize("change", [("0.910", "0.911"), ("0.901", "0.902"), ("1.9:", "2.9:")])
def test_a_changed_figure_is_found_and_changed_words_are_not(change, monkeypatch):
    def run():
        test_readme_states_the_accuracies_on_imdb_and_hotels_as_measured()
        test_readme_states_the_ratios_to_keras_as_measured()

    other_words = README.replace("the best network", "our best one").replace("by factors", "by")
    assert other_words != README
    monkeypatch.setitem(globals(), "README", other_words)
    run()
    assert change[0] in README
    monkeypatch.setitem(globals(), "README", README.replace(*change))
    with pytest.raises(AssertionError):
        run()


# --- recurrent cells -----------------------------------------------------------------------


def test_readme_states_the_lags_as_measured():
    def count(cell, length, what):
        rows = [row for row in load_record("lags")["figures"]
                if (row["task"], row["cell"], row["lag"]) == ("adding", cell, length)]
        assert len(rows) == 5
        return sum(row[what] for row in rows)

    check_rows("length", [
        (str(length), [str(n) for cell in ("SimpleRNN", "LSTM") for what in ("beats", "solved")
                       for n in (count(cell, length, what), 5)]) for length in (60, 80, 150)])


def test_readme_states_the_ratios_to_keras_as_measured():
    ratios = [row["keras_over_numpy"] for row in load_record("cells")["figures"]]
    assert len(ratios) == 6 and min(ratios) >= 1
    check_paragraph("benchmarks.cells", [f"{min(ratios):.1f}", f"{max(ratios):.1f}"])


def test_the_study_of_variants_is_complete():
    study = load_table("variants")
    assert len(study) == len(VARIANTS) * len(TASKS) * len(RATES) * 5
    check_paragraph("benchmarks.variants", [str(len(study))])
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


def test_readme_states_the_sales_forecasts_as_measured():
    found = load_record("forecasting")["sales_one_day"]
    check_paragraph("benchmarks/forecasting.py", [
        *(f"{found[name]['mase']:.3f}" for name in ("last value", "linear")),
        *mean_and_spread(found["SimpleRNN"]["mase"])])
    assert found["SimpleRNN"]["mase"]["worst"] < found["linear"]["mase"]


def test_readme_states_the_leaderboard_as_measured():
    cases = load_record("mining")["figures"]
    assert table("MASE")[0][1:] == list(cases)
    check_rows("MASE", [
        (method, [f"{case['methods'][method]['mase']:.2f}" for case in cases.values()])
        for method in cases["El Niño, monthly"]["methods"]])


def test_what_readme_says_of_the_leaderboard_holds():
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


def test_readme_states_the_accuracies_on_imdb_and_hotels_as_measured():
    found = load_record("sentiment")["figures"]["imdb"]
    ours, runs = found["BiGRU with pairs"], found["BiGRU with pairs"]["runs"]
    both, plain, counted = ours["test_accuracy"], found["2 x BiLSTM reference"], found["TF-IDF"]
    together = np.mean([run["seconds"] for run in runs])
    alone = np.mean([part["training"]["seconds"] for run in runs for part in run["members"]])

    def share(seconds):
        return f"{seconds / plain['seconds']:.2f}"

    check_rows("IMDB", [
        ("2 x BiLSTM", [f"{plain['accuracy']:.3f}", "1"]),
        ("one", [*mean_and_spread(ours["test_accuracy_of_one_network"]), share(alone)]),
        ("two", [*mean_and_spread(both), share(together)]),
        ("TF-IDF", [f"{counted['accuracy']:.3f}", share(counted["seconds"])])])
    assert len(runs) == 3 and both["mean"] >= 0.89
    assert max(run["seconds"] for run in runs) < plain["seconds"]

    hotels = load_record("sentiment")["figures"]["chnsenticorp"]
    counted = hotels["TF-IDF, jieba"]
    best = max((each["test_accuracy"] for each in hotels.values() if "test_accuracy" in each),
               key=lambda accuracy: accuracy["mean"])
    check_paragraph("ChnSentiCorp", [
        f"{counted['n']:,}", *(f"{counted[key]:.3f}" for key in ("accuracy", "low", "high")),
        *mean_and_spread(best)])


def test_each_stored_network_of_threads_beats_the_ngrams_and_writes_threads():
    main = load_record("threads")["figures"]["main"]
    for part in ("validation", "test"):
        best = min(each[part] for each in main["n-gram by order"].values())
        assert all(run[part] < best for run in main["network"])
    shares = pd.DataFrame([run["threads_by_sampling"] for run in main["network"]])
    assert len(shares) == 3
    assert shares["T 0.5"].min() >= 0.9 and shares["T 0.7, top-p 0.9"].mean() >= 0.9


def test_readme_states_threads_and_characters_as_measured():
    main = load_record("threads")["figures"]["main"]
    bits = [run["validation"] for run in main["network"]]
    counted = min(each["validation"] for each in main["n-gram by order"].values())
    shares = [run["threads_by_sampling"]["T 0.5"] for run in main["network"]]
    check_paragraph("benchmarks.threads", [
        f"{n:.2f}" for n in (min(bits), max(bits), counted, min(shares), max(shares))])

    found = load_record("characters")["figures"]
    timed = found["shakespeare"]["with pairs"]
    nats = timed["val_nats"]
    one, many = (found["speed"][f"{k} at a time, plain"] for k in (1, 64))
    check_paragraph("benchmarks.characters", [
        *mean_and_spread(nats), f"{found['best']['larger']['lowest_val_nats']:.3f}",
        str(timed["limit_seconds"]),
        *(f"{n / 1e6:.1f}" for n in sorted(run["characters"] for run in timed["runs"])[::2]),
        *(f"{each['characters_per_second'] / 1000:.0f},000" for each in (one, many))])
    assert nats["mean"] <= 1.5
    assert one["times_as_fast_as_predict"] > 4000 and many["characters_per_second"] > 150_000


# --- captions ------------------------------------------------------------------------------


def test_readme_states_the_scenes_as_measured():
    found = load_record("scenes")["figures"]
    rows = {"most frequent": found["baselines"]["most frequent"],
            "nearest neighbour": found["baselines"]["nearest neighbour"],
            "one vector": found["kinds"]["par"], "attention": found["attention"]["attend"],
            "side by side": found["attention"]["par, boxes side by side"],
            "top-down": found["attention"]["topdown, boxes"]}
    assert table("scenes")[0][1] == "BLEU-4"
    wanted = []
    for part, scores in rows.items():
        shown = []
        for measure, digits in (("BLEU-4", 1), ("statements right", 2), ("captions true", 2)):
            both = [scores[split][measure] for split in ("test", "held-out")]
            both = [one["mean"] if isinstance(one, dict) else one for one in both]
            shown += [f"{one:.{digits}f}" for one in both]
        wanted.append((part, shown))
    check_rows("scenes", wanted)


def test_readme_states_flickr8k_as_measured():
    found = load_record("captions")["figures"]
    names = [f"BLEU-{n}" for n in range(1, 5)]
    ours = [found[lesson]["test"] for lesson in ("lesson_11", "lesson_12")]
    check_paragraph("benchmarks.captions", [
        *(f"{test[name]['mean']:.1f}" for test in ours for name in names),
        *(f"{test['CIDEr-D']['mean']:.2f}" for test in ours),
        *(f"{found['baselines']['nearest neighbour']['test'][name]:.1f}" for name in names)])
    assert all(len(test["runs"]) == 3 for test in ours)
    for name in (*names, "CIDEr-D"):
        assert ours[1][name]["mean"] > ours[0][name]["mean"]
