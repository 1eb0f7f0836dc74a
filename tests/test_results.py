"""What README says of the stored studies is what they hold."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from utils.depth_study import STACKS
from utils.results import load_record, load_table
from utils.variant_study import RATES, TASKS, make_task
from utils.variants import VARIANTS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def count(cell, length, what):
    rows = [row for row in load_record("lags")["figures"]
            if (row["task"], row["cell"], row["lag"]) == ("adding", cell, length)]
    assert len(rows) == 5
    return sum(row[what] for row in rows)


@pytest.mark.parametrize("length", [60, 80, 150])
def test_readme_states_the_lags_as_measured(length):
    [row] = re.findall(rf"^\| {length} \| .*$", README, re.MULTILINE)
    wanted = [f"{count(cell, length, 'beats')} of 5 / {count(cell, length, 'solved')} of 5"
              for cell in ("SimpleRNN", "LSTM")]
    assert [cell.strip() for cell in row.strip("|").split("|")][1:] == wanted


def test_readme_states_the_ratios_to_keras_as_measured():
    ratios = [row["keras_over_numpy"] for row in load_record("cells")["figures"]]
    assert len(ratios) == 6
    low, high = re.search(r"by factors of ([\d.]+) to ([\d.]+)", README).groups()
    assert (f"{min(ratios):.1f}", f"{max(ratios):.1f}") == (low, high)
    assert min(ratios) >= 1


def test_the_study_of_variants_is_complete():
    table = load_table("variants")
    assert len(table) == len(VARIANTS) * len(TASKS) * len(RATES) * 5 == 405
    assert not table.duplicated(["task", "variant", "rate", "seed"]).any()
    means = table.groupby(["task", "variant", "rate"])[["validation", "test"]].mean().reset_index()
    best = means.loc[means.groupby(["task", "variant"])["validation"].idxmin()]
    best = best[best["task"] == "temperature"]["test"].min()
    linear = make_task("temperature").baselines["linear on the same months"]
    assert 0 < (linear - best) / linear < 0.03


def test_the_study_of_depth_is_complete():
    rows = load_record("depth")["figures"]
    assert len(rows) == len(STACKS) * 5
    sizes = np.array([row["parameters"] for row in rows])
    assert sizes.max() < 1.05 * sizes.min()


def test_readme_states_the_leaderboard_as_measured():
    cases = load_record("mining")["figures"]
    [head] = re.findall(r"^\| MASE \|.*$", README, re.MULTILINE)
    assert [cell.strip() for cell in head.strip("|").split("|")][1:] == list(cases)
    for method in cases["El Niño, monthly"]["methods"]:
        [row] = re.findall(rf"^\| {re.escape(method)} \|.*$", README, re.MULTILINE)
        shown = [cell.strip(" *") for cell in row.strip("|").split("|")][1:]
        assert shown == [f"{case['methods'][method]['mase']:.2f}" for case in cases.values()]


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


def test_readme_states_the_accuracies_on_imdb_as_measured():
    found = load_record("sentiment")["figures"]["imdb"]
    ours, runs = found["BiGRU with pairs"], found["BiGRU with pairs"]["runs"]
    one = ours["test_accuracy_of_one_network"]
    both, plain, counted = ours["test_accuracy"], found["2 x BiLSTM reference"], found["TF-IDF"]
    seconds = np.mean([run["seconds"] for run in runs])
    alone = np.mean([part["training"]["seconds"] for run in runs for part in run["members"]])
    shown = re.findall(r"^\| (?:2 x BiLSTM|one BiGRU|two of them|TF-IDF)[^|]*\|(.*)\|(.*)\|$",
                       README, re.MULTILINE)
    assert [tuple(cell.strip() for cell in row) for row in shown] == [
        (f"{plain['accuracy']:.3f}", f"{plain['seconds']:.0f}"),
        (f"{one['mean']:.3f} ± {one['spread']:.3f}", f"{alone:.0f}"),
        (f"{both['mean']:.3f} ± {both['spread']:.3f}", f"{seconds:.0f}"),
        (f"{counted['accuracy']:.3f}", f"{counted['seconds']:.0f}")]
    assert len(runs) == 3 and both["mean"] >= 0.89
    assert max(run["seconds"] for run in runs) < plain["seconds"]


def test_readme_states_the_accuracies_on_hotels_as_measured():
    found = load_record("sentiment")["figures"]["chnsenticorp"]
    counted = found["TF-IDF, jieba"]
    best = max((each for each in found.values() if "test_accuracy" in each),
               key=lambda each: each["test_accuracy"]["mean"])["test_accuracy"]
    flat = " ".join(README.split())
    assert (f"TF-IDF gets {counted['accuracy']:.3f} with jieba's words ({counted['low']:.3f} to "
            f"{counted['high']:.3f}) and the best network, a BiGRU on the same words, "
            f"{best['mean']:.3f} ± {best['spread']:.3f}") in flat
    assert f"{counted['n']:,}" in flat


def test_each_stored_network_of_threads_beats_the_ngrams_and_writes_threads():
    main = load_record("threads")["figures"]["main"]
    for part in ("validation", "test"):
        best = min(each[part] for each in main["n-gram by order"].values())
        assert all(run[part] < best for run in main["network"])
    shares = pd.DataFrame([run["threads_by_sampling"] for run in main["network"]])
    assert len(shares) == 3
    assert shares["T 0.5"].min() >= 0.9 and shares["T 0.7, top-p 0.9"].mean() >= 0.9


def test_readme_states_threads_and_characters_as_measured():
    main, flat = load_record("threads")["figures"]["main"], " ".join(README.split())
    bits = [run["validation"] for run in main["network"]]
    counted = min(each["validation"] for each in main["n-gram by order"].values())
    shares = [run["threads_by_sampling"]["T 0.5"] for run in main["network"]]
    assert (f"{min(bits):.2f} to {max(bits):.2f} bits a character over three seeds, the best "
            f"n-gram model {counted:.2f}") in flat
    assert f"from {min(shares):.2f} to {max(shares):.2f} of what it writes are threads" in flat
    found = load_record("characters")["figures"]
    nats = found["shakespeare"]["with pairs"]["val_nats"]
    assert f"{nats['mean']:.3f} ± {nats['spread']:.3f} nats" in flat and nats["mean"] <= 1.5
    assert f"{found['best']['larger']['lowest_val_nats']:.3f} (one seed)" in flat
    one, many = (found["speed"][f"{k} at a time, plain"] for k in (1, 64))
    for each in (one, many):
        assert f"{each['characters_per_second'] / 1000:.0f},000" in flat
    assert one["times_as_fast_as_predict"] > 4000 and many["characters_per_second"] > 150_000


def test_readme_states_the_scenes_as_measured():
    found = load_record("scenes")["figures"]
    rows = {"most frequent caption": found["baselines"]["most frequent"],
            "nearest neighbour, same encoder": found["baselines"]["nearest neighbour"],
            "one vector, with each word": found["kinds"]["par"],
            "attention over 8x8 places": found["attention"]["attend"],
            "the things' boxes side by side, no look":
                found["attention"]["par, boxes side by side"],
            "top-down attention over the things' boxes": found["attention"]["topdown, boxes"]}
    for name, scores in rows.items():
        [row] = re.findall(rf"^\| {re.escape(name)} \|.*$", README, re.MULTILINE)
        wanted = []
        for measure, digits in (("BLEU-4", 1), ("statements right", 2), ("captions true", 2)):
            both = [scores[split][measure] for split in ("test", "held-out")]
            both = [one["mean"] if isinstance(one, dict) else one for one in both]
            wanted.append(" / ".join(f"{one:.{digits}f}" for one in both))
        assert [cell.strip() for cell in row.strip("|").split("|")][1:] == wanted


def test_readme_states_flickr8k_as_measured():
    found, flat = load_record("captions")["figures"], " ".join(README.split())
    for lesson in ("lesson_11", "lesson_12"):
        test = found[lesson]["test"]
        means = [f"{test[f'BLEU-{n}']['mean']:.1f}" for n in range(1, 5)]
        assert f"{', '.join(means[:3])} and {means[3]} (± " in flat
        assert f"CIDEr-D {test['CIDEr-D']['mean']:.2f})" in flat and len(test["runs"]) == 3
    for name in ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "CIDEr-D"):
        assert found["lesson_12"]["test"][name]["mean"] > found["lesson_11"]["test"][name]["mean"]
