"""Each stored result as a Markdown table; `benchmarks.tables` puts them into the pages.

A function is named after its table and takes nothing: it reads benchmarks/results/.
"""

from utils.studies import load_record, load_table
from utils.studies.tasks import TASKS, make_task

__all__ = ["TABLES", "lags", "number", "share"]

BLEU = [f"BLEU-{n}" for n in range(1, 5)]


def markdown(head, rows, left=1):
    """Return a Markdown table; the first `left` columns are text, the others numbers."""
    line = " | ".join
    return "\n".join(f"| {line(map(str, row))} |" for row in (
        head, ["---"] * left + ["---:"] * (len(head) - left), *rows))


def number(found, digits):
    """Return a figure as text, or a mean with its spread; a dash where none was measured."""
    if not isinstance(found, dict):
        return "–" if found is None else f"{found:.{digits}f}"
    mean = f"{found['mean']:.{digits}f}"
    return mean if found.get("spread") is None else f"{mean} ± {found['spread']:.{digits}f}"


def spread(values):
    """Return mean and standard deviation of `values`, one per seed."""
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return {"mean": mean, "spread": (squares / (len(values) - 1)) ** 0.5}


def share(rows, key):
    return f"{sum(row[key] for row in rows)} of {len(rows)}"


def lags(cell, length):
    return [row for row in load_record("lags")["figures"]
            if (row["task"], row["cell"], row["lag"]) == ("adding", cell, length)]


# --- the tables: each returns its text ---------------------------------------------------


def notebooks():
    return markdown(["lesson", "runs in", "peak memory"], [
        [name, f"{found['seconds']:.0f} s", f"{found['peak_mb']:.0f} MB"]
        for name, found in load_record("notebooks")["figures"].items()])


def sales():
    found = load_record("forecasting")
    parts = [{name: each["mase"] for name, each in found["sales_one_day"].items()},
             found["sales_14_days_mase"],
             {name.partition(",")[0] if name.startswith("seasonal") else
              name.replace("linear on 22 years", "linear"): each
              for name, each in found["sunspots_mase"].items()}]
    return markdown(["MASE", "sales, one day ahead", "sales, 14 days", "sunspots, yearly"], [
        [name, *(number(part.get(name), 3) for part in parts)] for name in parts[0]])


def adding():
    lengths = sorted({row["lag"] for row in load_record("lags")["figures"]
                      if row["task"] == "adding"})
    return markdown(["length", *(f"`{cell}`: {does}" for cell in ("SimpleRNN", "LSTM")
                                 for does in ("beats the mean", "solves it"))], [
        [length, *(share(lags(cell, length), key) for cell in ("SimpleRNN", "LSTM")
                   for key in ("beats", "solved"))] for length in lengths])


def variants():
    study = load_table("variants")
    means = study.groupby(["task", "variant", "rate"])["validation"].mean()
    rows = []
    for variant in study["variant"].unique():
        row = [variant]
        for task in TASKS:
            rate = means[task][variant].idxmin()
            runs = study[(study["task"] == task) & (study["variant"] == variant)
                         & (study["rate"] == rate)]
            row.append(number(spread(list(runs["test"])), 4 if task == "adding" else 3))
        rows.append(row)
    baselines = {task: make_task(task).baselines for task in TASKS}
    best = {task: min(found, key=found.get) for task, found in baselines.items()}
    rows.append(["baseline", *(f"{baselines[task][best[task]]:.3f} ({best[task]})"
                               for task in TASKS)])
    return markdown(["cell", *(f"{task}, {unit}" for task, unit in TASKS.items())], rows)


def depth():
    rows = load_record("depth")["figures"]
    return markdown(["stack", "units", "parameters", "test loss"], [
        [stack, runs[0]["units"], f"{runs[0]['parameters']:,}",
         number(spread([run["test"] for run in runs]), 3)]
        for stack in dict.fromkeys(row["stack"] for row in rows)
        for runs in [[row for row in rows if row["stack"] == stack]]])


def cells():
    return markdown(
        ["cell", "batch, time, units", "NumPy ms", "Keras ms", "classic loop ms", "Keras / NumPy",
         "classic loop / NumPy", "float32 loop / NumPy"],
        [[row["cell"].upper(), f"{row['batch']}, {row['time']}, {row['units']}",
          row["numpy_ms"], row["keras_ms"], f"{row['classic_loop_ms']:,.0f}",
          f"{row['keras_over_numpy']:.2f}", row["classic_loop_over_numpy"],
          row["float32_loop_over_numpy"]] for row in load_record("cells")["figures"]], left=2)


def leaderboard():
    cases = load_record("mining")["figures"]
    scores = {case: {name: found["mase"] for name, found in each["methods"].items()}
              for case, each in cases.items()}
    methods = max(scores.values(), key=len)

    def shown(case, method):
        text, best = number(scores[case].get(method), 2), min(scores[case].values())
        return f"**{text}**" if scores[case].get(method) == best else text

    return markdown(["MASE", *cases], [[method, *(shown(case, method) for case in cases)]
                                       for method in methods])


def imdb():
    found = load_record("sentiment")["figures"]["imdb"]
    ours, plain, counted = (found[name] for name in (
        "BiGRU with pairs", "2 x BiLSTM reference", "TF-IDF"))
    one = [part["training"]["seconds"] for run in ours["runs"] for part in run["members"]]
    two = [run["seconds"] for run in ours["runs"]]

    def time(*seconds):
        return f"{sum(seconds) / len(seconds) / plain['seconds']:.2f}"

    return markdown(["IMDB", "test accuracy", "time of training, first row = 1"], [
        ["2 x BiLSTM-64, 200 words, 2 epochs (Keras' example)", number(plain["accuracy"], 3), 1],
        ["one BiGRU-32 with vectors for words and pairs",
         number(ours["test_accuracy_of_one_network"], 3), time(*one)],
        ["two of them, probabilities averaged", number(ours["test_accuracy"], 3), time(*two)],
        ["TF-IDF and logistic regression, words and pairs", number(counted["accuracy"], 3),
         time(counted["seconds"])]])


def hotels():
    found = load_record("sentiment")["figures"]["chnsenticorp"]
    return markdown(["ChnSentiCorp", "test accuracy", "95 % interval"], [
        [name, number(each.get("test_accuracy", each.get("accuracy")), 3),
         f"{each['low']:.3f} to {each['high']:.3f}" if "low" in each else "–"]
        for name, each in found.items() if name != "split"])


def scenes():
    found = load_record("scenes")["figures"]
    rows = {"most frequent caption": found["baselines"]["most frequent"],
            "nearest neighbour, same encoder": found["baselines"]["nearest neighbour"],
            "one vector, with each word": found["kinds"]["par"],
            "attention over 8x8 places": found["attention"]["attend"],
            "the things' boxes side by side, no look": found["attention"][
                "par, boxes side by side"],
            "top-down attention over the things' boxes": found["attention"]["topdown, boxes"]}

    def both(scores, measure, digits):
        pair = (scores[split][measure] for split in ("test", "held-out"))
        return " / ".join(f"{each['mean'] if isinstance(each, dict) else each:.{digits}f}"
                          for each in pair)

    return markdown(["scenes", "BLEU-4", "statements right", "captions wholly true"], [
        [name, both(scores, "BLEU-4", 1), both(scores, "statements right", 2),
         both(scores, "captions true", 2)] for name, scores in rows.items()])


def photographs():
    found = load_record("captions")["figures"]
    rows = {"most frequent caption": found["baselines"]["most frequent"]["test"],
            "nearest neighbour": found["baselines"]["nearest neighbour"]["test"],
            "one vector (lesson 11)": found["lesson_11"]["test"],
            "attention over 7x7 places beside it (lesson 12)": found["lesson_12"]["test"]}
    return markdown(["Flickr8k", *BLEU, "CIDEr-D", "training, CPU s"], [
        [name, *(number(scores[each], 1) for each in BLEU), number(scores["CIDEr-D"], 2),
         number(spread([run["training"]["cpu_seconds"] for run in scores["runs"]]), 0)
         if "runs" in scores else "–"]
        for name, scores in rows.items()])


def threads():
    main = load_record("threads")["figures"]["main"]
    counted, runs = main["n-gram by order"], main["network"]
    order = min(counted, key=lambda n: counted[n]["validation"])
    written = spread([run["threads_by_sampling"]["T 0.5"] for run in runs])
    return markdown(["forum threads", "bits a character, validation", "test",
                     "share of samples that are threads, T 0.5"], [
        [f"n-grams, order {order}", *(number(counted[order][part], 2)
                                      for part in ("validation", "test")), "–"],
        ["GRU of 128 units", *(number(spread([run[part] for run in runs]), 2)
                               for part in ("validation", "test")), number(written, 2)]])


def shakespeare():
    found = load_record("characters")["figures"]
    timed, larger = found["shakespeare"]["with pairs"], found["best"]["larger"]
    read = sorted(run["characters"] / 1e6 for run in timed["runs"])
    return markdown(["tiny Shakespeare", "nats a character, last tenth", "characters read"], [
        [f"GRU of {timed['model']['units']} units, {timed['limit_seconds']} s",
         number(timed["val_nats"], 3), f"{read[0]:.1f} to {read[-1]:.1f} million"],
        [f"GRU of {larger['options']['model']['units']} units, no limit, one seed",
         number(larger["lowest_val_nats"], 3), f"{larger['characters'] / 1e6:.1f} million"]])


def writing():
    return markdown(["writing", "characters a second", "times a loop over `model.predict`"], [
        [name, f"{found['characters_per_second']:,}", f"{found['times_as_fast_as_predict']:,}"]
        for name, found in load_record("characters")["figures"]["speed"].items()
        if "characters_per_second" in found])


TABLES = {      # name: (record that it shows, function)
    "notebooks": ("notebooks", notebooks),
    "sales": ("forecasting", sales),
    "adding": ("lags", adding),
    "variants": ("variants", variants),
    "depth": ("depth", depth),
    "cells": ("cells", cells),
    "leaderboard": ("mining", leaderboard),
    "imdb": ("sentiment", imdb),
    "hotels": ("sentiment", hotels),
    "scenes": ("scenes", scenes),
    "photographs": ("captions", photographs),
    "threads": ("threads", threads),
    "shakespeare": ("characters", shakespeare),
    "writing": ("characters", writing),
}
