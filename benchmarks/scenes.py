"""Caption the drawn scenes in four ways: `python -m benchmarks.scenes [--section kinds]`.

One encoder that names single things, its map as one vector, and the four ways to bring a vector
to an LSTM at equal size, over seeds; and one of them without the places in its vector. All
choices are made on dev; the test scenes and those with held-out pairs are read once by each
model. The results go to benchmarks/results/scenes.json after each training.
"""

import argparse
from pathlib import Path

import numpy as np

from utils.authoring.records import Record
from utils.caption_baselines import MostFrequentCaption, NearestNeighbourCaption
from utils.caption_decoding import Decoder
from utils.caption_models import build_captioner, equal_units
from utils.caption_training import train_captioner
from utils.scene_captions import SceneTask
from utils.scene_encoder import cut_out, feature_maps, naming_network, what_and_where

RESULT = Path(__file__).resolve().parent / "results" / "scenes.json"
COMMAND = "python -m benchmarks.scenes"
SEEDS = range(3)
KINDS = ("pre", "init", "par", "merge")
PARAMETERS, MODEL = 200_000, {"embedding": 128, "dropout": 0.1}
TRAINING = {"epochs": 6, "batch_size": 80, "rate": 4e-3}


def rounded(scores):
    return {name: round(float(value), 3) for name, value in scores.items()}


def encoded(task):
    """Return one vector of what and where for each scene, (scenes, 192)."""
    images, rows = task.world.images, task.rows["train"]
    network, encoder = naming_network()
    network.fit(*cut_out(images[rows], task.scenes["train"]), batch_size=64, epochs=5, verbose=0)
    return task.scaled(what_and_where(feature_maps(encoder, images)))


def baselines(record, task, vectors):
    """Measure captions that nobody wrote for the scene."""
    for name, model in (("most frequent", MostFrequentCaption()),
                        ("nearest neighbour", NearestNeighbourCaption(30))):
        model.fit(vectors[task.rows["train"]], task.clean["train"])
        record.put("baselines", name, {split: rounded(task.judged(
            model.predict(vectors[task.rows[split]]), split))
            for split in ("dev", "test", "held-out")})


def one_run(task, kind, vectors, seed):
    """Return how one model was trained, and what its greedy captions are worth."""
    units = equal_units(kind, PARAMETERS, len(task.vocabulary), vectors.shape[1:], **MODEL)
    model = build_captioner(kind, len(task.vocabulary), vectors.shape[1:], units, seed=seed,
                            **MODEL)
    history = train_captioner(
        model, vectors[task.rows["train"]], task.numbers["train"],
        (vectors[task.rows["dev"]], task.numbers["dev"]), task.start, task.end, seed=seed,
        max_length=32, **TRAINING)
    decoder = Decoder(model, task.start, task.end, max_length=32, batch_size=500)
    scores = {split: rounded(task.judged(task.sentences(
        decoder.greedy(vectors[task.rows[split]])), split))
        for split in ("dev", "test", "held-out")}
    return {"units": units, "parameters": model.count_params(),
            "best_epoch": history.attrs["best"] + 1,
            "val_loss": history["val_loss"].round(4).tolist(),
            "cpu_seconds": round(float(history["cpu_seconds"].iloc[-1]), 1), **scores}


def over_seeds(runs, split):
    """Return mean and standard deviation of each score that all runs have."""
    names = [name for name in runs[0][split] if all(name in run[split] for run in runs)]
    values = {name: [run[split][name] for run in runs] for name in names}
    return {name: {"mean": round(float(np.mean(each)), 3),
                   "spread": round(float(np.std(each, ddof=1)), 3)}
            for name, each in values.items()}


def kinds(record, task, vectors):
    """Compare the four ways, and one of them without the places in its vector."""
    for name, kind, seen in (*((kind, kind, vectors) for kind in KINDS),
                             ("par, what alone", "par", vectors[:, :64])):
        runs = [one_run(task, kind, seen, seed) for seed in SEEDS]
        record.put("kinds", name, {split: over_seeds(runs, split)
                                   for split in ("dev", "test", "held-out")} | {"runs": runs})


SECTIONS = {"baselines": baselines, "kinds": kinds}


def main():
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, help="one alone; all without it")
    only = parser.parse_args().section
    record, task = Record(RESULT, COMMAND, SEEDS), SceneTask()
    vectors = encoded(task)
    for name, measure in SECTIONS.items():
        if only in (None, name):
            measure(record, task, vectors)


if __name__ == "__main__":
    main()
