"""Caption the drawn scenes in four ways: `python -m benchmarks.scenes [--section kinds]`.

One encoder that names single things, its map as one vector, and the four ways to bring a vector
to an LSTM at equal size, over seeds; and one of them without the places in its vector. Then, at
the same size, models that look at the map or at the boxes of things (`--section attention`). All
choices are made on dev; the test scenes and those with held-out pairs are read once by each
model. The results go to benchmarks/results/scenes.json after each training.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy.stats import entropy

from utils.captioning import (
    Decoder,
    MostFrequentCaption,
    NearestNeighbourCaption,
    build_captioner,
    equal_units,
    train_captioner,
)
from utils.scaling import Standardizer
from utils.scenes import (
    SceneTask,
    cell_shares,
    cut_out,
    feature_maps,
    looks_at_named,
    naming_network,
    placed,
    region_features,
    what_and_where,
)
from utils.studies.records import Record, over_seeds, rounded
from utils.training import Fit

RESULT = Path(__file__).resolve().parent / "results" / "scenes.json"
COMMAND = "python -m benchmarks.scenes"
SEEDS = range(3)
KINDS = ("pre", "init", "par", "merge")
PARAMETERS, MODEL = 200_000, {"embedding": 128, "dropout": 0.1}
TRAINING = {"epochs": 6, "batch_size": 80, "rate": 4e-3}


def trained_encoder(task):
    """Return an encoder that has learnt to name single things of the training scenes."""
    network, encoder = naming_network()
    network.fit(*cut_out(task.world.images[task.rows["train"]], task.scenes["train"]),
                batch_size=64, epochs=5, verbose=0)
    return encoder


def scaled(features, known):
    """Return features (scenes, ..., features) with mean 0 and spread 1 over the known scenes."""
    return Standardizer(padding=True, added=1e-3).fit(features[known]).transform(features)


def vectors_of(task, encoder):
    """Return one vector of what and where for each scene, (scenes, 192)."""
    seen = what_and_where(feature_maps(encoder, task.world.images))
    return scaled(seen, task.rows["train"])


def baselines(record, task, encoder):
    """Measure captions that nobody wrote for the scene."""
    vectors = vectors_of(task, encoder)
    for name, model in (("most frequent", MostFrequentCaption()),
                        ("nearest neighbour", NearestNeighbourCaption(30))):
        model.fit(vectors[task.rows["train"]], task.clean["train"])
        record.put("baselines", name, {split: rounded(task.judged(
            model.predict(vectors[task.rows[split]]), split))
            for split in ("dev", "test", "held-out")})


def one_run(task, kind, vectors, seed, looked=None, **options):
    """Return how one model was trained, and what its greedy captions are worth."""
    options = MODEL | options
    units = equal_units(kind, PARAMETERS, len(task.vocabulary), vectors.shape[1:], **options)
    model = build_captioner(kind, len(task.vocabulary), vectors.shape[1:], units, seed=seed,
                            **options)
    history = train_captioner(
        model, vectors[task.rows["train"]], task.numbers["train"],
        (vectors[task.rows["dev"]], task.numbers["dev"]), task.signs,
        Fit(seed=seed, clip=5.0, **TRAINING)).history
    decoder = Decoder(model, task.signs, batch_size=500)
    scores = {split: rounded(task.judged(task.sentences(
        decoder.greedy(vectors[task.rows[split]])), split))
        for split in ("dev", "test", "held-out")}
    if looked is not None:
        scores["looks"] = looks(task, decoder, vectors, *looked)
    return {"units": units, "parameters": model.count_params(),
            "best_epoch": int(np.argmin(history["val_loss"])) + 1,
            "val_loss": np.round(history["val_loss"], 4).tolist(),
            "cpu_seconds": round(history["cpu_seconds"][-1], 1), **scores}


def summed_up(runs, splits):
    """Return the scores of each split over the seeds, and the runs."""
    return {split: over_seeds([run[split] for run in runs]) for split in splits} | {"runs": runs}


def kinds(record, task, encoder):
    """Compare the four ways, and one of them without the places in its vector."""
    vectors = vectors_of(task, encoder)
    for name, kind, seen in (*((kind, kind, vectors) for kind in KINDS),
                             ("par, what alone", "par", vectors[:, :64])):
        runs = [one_run(task, kind, seen, seed) for seed in SEEDS]
        record.put("kinds", name, summed_up(runs, ("dev", "test", "held-out")))


def looks(task, decoder, regions, shares, n_regions):
    """Return where a model looks when it reads the first true caption of each test scene."""
    rows, captions = task.rows["test"], [five[0] for five in task.clean["test"]]
    weights = decoder.attention(regions[rows], [five[0] for five in task.numbers["test"]])
    table = looks_at_named(weights, captions, task.scenes["test"], shares[rows],
                           np.random.default_rng(0), n_regions[rows])
    seen = [one[:-1].sum(axis=0)[:n] for one, n in zip(weights, n_regions[rows], strict=True)]
    return rounded({**table[["mass", "chance"]].mean(),
                    "above chance": (table["mass"] > table["chance"]).mean(),
                    "perplexity": np.exp(np.mean([entropy(one[:-1], axis=1).mean()
                                                  for one in weights])),
                    "uneven": np.mean([each.std() / each.mean() for each in seen])})


def attention(record, task, encoder):
    """Compare, at the size of `kinds`, models that look at the map or at the boxes of things.

    One gets the same boxes and cannot look: all their numbers side by side, with each word.
    """
    world, known = task.world, task.rows["train"]
    maps = placed(feature_maps(encoder, world.images))
    maps = scaled(maps, known)
    boxes = region_features(encoder, world.images, world.boxes)
    boxes = scaled(boxes, known)
    of_map = cell_shares(world.masks), np.full(len(maps), 64)
    of_boxes = (np.broadcast_to(np.eye(boxes.shape[1]), (len(boxes), *[boxes.shape[1]] * 2)),
                np.array([len(scene.things) for scene in world.scenes]))
    for name, kind, regions, looked, options in (
            ("topdown, boxes", "topdown", boxes, of_boxes, {"masked": True}),
            ("attend", "attend", maps, of_map, {}),
            ("attend, boxes", "attend", boxes, of_boxes, {"masked": True}),
            ("attend, doubly stochastic", "attend", maps, of_map, {"doubly": 0.1}),
            ("par, boxes side by side", "par", boxes.reshape(len(boxes), -1), None, {})):
        runs = [one_run(task, kind, regions, seed, looked, attention=32, **options)
                for seed in SEEDS]
        splits = ("dev", "test", "held-out") + (("looks",) if looked else ())
        record.put("attention", name, summed_up(runs, splits))


SECTIONS = {"baselines": baselines, "kinds": kinds, "attention": attention}


def main():
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, help="one alone; all without it")
    only = parser.parse_args().section
    record, task = Record(RESULT, COMMAND, SEEDS), SceneTask()
    encoder = trained_encoder(task)
    for name, measure in SECTIONS.items():
        if only in (None, name):
            measure(record, task, encoder)


if __name__ == "__main__":
    main()
