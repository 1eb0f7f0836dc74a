"""Caption Flickr8k's images: `COURSE_MODE=full python -m benchmarks.captions`.

`--section baselines`, `kinds`, `lesson_11` or `lesson_12` measures one and keeps the others'
figures.

The official split: 6,000 images to train on, five captions each; 1,000 for dev, where the epoch,
the beam's width and alpha are chosen; 1,000 for test, read once by each finished model. Features
are those of MobileNet v1 on ImageNet, 7x7x1024, computed once. Models that get one vector get
mean and maximum over the places; those that attend get 256 principal components of each place,
found on training images alone; "attend+vector" gets 256 of that one vector beside them, the same
at each place. `kinds` compares the models on dev at equal size. The results go to
benchmarks/results/captions.json after each training.
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np

from utils.captioning import (
    ATTENDING,
    KINDS,
    Decoder,
    MostFrequentCaption,
    NearestNeighbourCaption,
    build_captioner,
    equal_units,
    feature_network,
    image_features,
    load_flickr8k,
    pooled_features,
    train_captioner,
)
from utils.data import cache_folder
from utils.decoding import Signs
from utils.metrics import caption_scores, diversity
from utils.scaling import Standardizer
from utils.studies.records import Record, over_seeds, rounded
from utils.text.captions import END, START, caption_vocabulary, clean_caption, frame
from utils.training import Fit

RESULT = Path(__file__).resolve().parent / "results" / "captions.json"
COMMAND = "COURSE_MODE=full python -m benchmarks.captions"
SEEDS, KIND_SEEDS = range(3), range(1)             # the choice of a kind has one seed alone
MIN_COUNT, COMPONENTS, PARAMETERS = 5, 256, 3_000_000
MODEL = {"embedding": 256, "attention": 128, "dropout": 0.5}
OPTIONS = {"attend": {"doubly": 0.2}}
TRAINING = {"epochs": 8, "batch_size": 64, "rate": 2e-3, "monitor": "val_cider", "patience": 3,
            "clip": 5.0}
BEAMS = [(1, 0.0), *((width, alpha) for width in (3, 5) for alpha in (0.0, 0.7, 1.0, 1.5, 2.0))]
BOTH = "attend+vector"
LESSONS = {"lesson_11": ("par",),               # par was best on drawn scenes
           "lesson_12": (*ATTENDING, BOTH)}


class Flickr8k:
    """Captions, references, vectors and regions of each split, and the training vocabulary."""

    def __init__(self, anew=False):
        self.anew = anew                                    # whether to train what is kept
        found, archive = load_flickr8k()
        self.captions = {split: found.references(split) for split in found.splits}
        self.notes = list(found.notes)
        names = [name for split in found.splits for name in found.splits[split]]
        maps = image_features(archive.read, names, feature_network(), "flickr8k")
        ends = np.cumsum([len(found.splits[split]) for split in found.splits])[:-1]
        self.maps = dict(zip(found.splits, np.split(maps, ends), strict=True))
        pooled = {split: pooled_features(part) for split, part in self.maps.items()}
        scaler = Standardizer(padding=True, added=1e-3).fit(pooled["train"])
        self.vectors = {split: scaler.transform(part) for split, part in pooled.items()}
        self.vocabulary = caption_vocabulary(
            [text for texts in self.captions["train"] for text in texts], MIN_COUNT)
        self.signs = Signs(*map(self.vocabulary.tokens.index, (START, END)))
        self.rows = {split: [[row[1:-1] for row in self.vocabulary.numbers(map(frame, texts))]
                             for texts in captions] for split, captions in self.captions.items()}
        self.references = {split: [[" ".join(clean_caption(text)) for text in texts]
                                   for texts in captions]
                           for split, captions in self.captions.items()}
        self._seen = {}

    def images(self, name, split):
        """Return what a model of this name sees of a split's images."""
        if name not in (*ATTENDING, BOTH):
            return self.vectors[split]
        if "places" not in self._seen:
            self._seen["places"] = components(self.maps)
        if name == BOTH and BOTH not in self._seen:
            self._seen[BOTH] = with_vectors(self._seen["places"], self.vectors)
        return self._seen[BOTH if name == BOTH else "places"][split]

    def texts(self, hypotheses):
        """Return captions as strings."""
        return [" ".join(self.vocabulary.decode(one.tokens)) for one in hypotheses]


def components(maps):
    """Return (images, regions, COMPONENTS) float32 of each split: whitened, by training maps."""
    from sklearn.decomposition import PCA
    train = maps["train"]
    rng = np.random.default_rng(0)
    chosen = train[np.sort(rng.choice(len(train), min(1000, len(train)), replace=False))]
    flat = chosen.reshape(-1, train.shape[-1]).astype("float32")
    pca = PCA(COMPONENTS, whiten=True, random_state=0).fit(flat)
    return {split: np.concatenate(
        [pca.transform(part[i:i + 100].reshape(-1, part.shape[-1]).astype("float32")).astype(
            "float32").reshape(-1, part.shape[1] * part.shape[2], COMPONENTS)
         for i in range(0, len(part), 100)]) for split, part in maps.items()}


def with_vectors(places, vectors):
    """Return the regions with principal components of each image's one vector beside them."""
    from sklearn.decomposition import PCA
    pca = PCA(COMPONENTS, whiten=True, random_state=0).fit(vectors["train"])
    found = {}
    for split, regions in places.items():
        whole = pca.transform(vectors[split]).astype("float32")[:, None]
        found[split] = np.concatenate(
            [regions, np.broadcast_to(whole, (*regions.shape[:2], COMPONENTS))], axis=-1)
    return found


def baselines(record, data):
    """Measure captions that nobody wrote for the image; k is chosen on dev by CIDEr-D."""
    def nearest(k):
        return NearestNeighbourCaption(k).fit(data.vectors["train"], data.references["train"])

    def scores(model, split):
        return rounded(caption_scores(model.predict(data.vectors[split]), data.references[split]))

    frequent = MostFrequentCaption().fit(data.vectors["train"], data.references["train"])
    record.put("baselines", "most frequent", {
        "caption": frequent.caption, "dev": scores(frequent, "dev"),
        "test": scores(frequent, "test")})
    dev = {k: scores(nearest(k), "dev") for k in (1, 10, 30, 60, 100)}
    best = max(dev, key=lambda k: dev[k]["CIDEr-D"])
    record.put("baselines", "nearest neighbour", {
        "k": best, "dev": dev, "test": scores(nearest(best), "test")})


def model_of(name):
    """Return the kind of a model of this name, and its options."""
    kind = name.partition("+")[0]
    return kind, MODEL | OPTIONS.get(kind, {})


def trained(data, name, seed):
    """Return a model of this name, about PARAMETERS weights large, and how it was trained.

    Its weights are kept in the course's cache, so that each is trained once with these options;
    `--anew` trains it again.
    """
    kind, options = model_of(name)
    shape = data.images(name, "train").shape[1:]
    units = equal_units(kind, PARAMETERS, len(data.vocabulary), shape, **options)
    model = build_captioner(kind, len(data.vocabulary), shape, units, seed=seed, **options)
    key = hashlib.sha256(repr((units, options, TRAINING)).encode()).hexdigest()[:8]
    kept = cache_folder("captions") / f"{name}-{seed}-{key}.weights.h5"
    if kept.exists() and not data.anew:
        model.load_weights(kept)
        return model, json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    history = train_captioner(
        model, data.images(name, "train"), data.rows["train"],
        (data.images(name, "dev"), data.rows["dev"]), data.signs,
        Fit(seed=seed, **TRAINING)).history
    figures = {
        "units": units, "parameters": model.count_params(),
        "best_epoch": int(np.argmax(history["val_cider"])) + 1,
        **{column: np.round(history[column], 4).tolist() for column in ("val_loss", "val_cider")},
        **{column: round(history[column][-1], 1)
           for column in ("seconds", "cpu_seconds")}}
    kept.with_suffix(".json").write_text(json.dumps(figures), encoding="utf-8")
    model.save_weights(kept)
    return model, figures


def written(data, model, name, split, width, alpha):
    """Return the captions of a split as strings."""
    decoder = Decoder(model, data.signs)
    found = decoder.beam(data.images(name, split), width, alpha=alpha)
    return data.texts([best for best, in found])


def kinds(record, data):
    """Compare all kinds on dev with greedy captions, at equal size."""
    for kind in (*KINDS, BOTH):
        runs, histories = [], []
        for seed in KIND_SEEDS:
            model, history = trained(data, kind, seed)
            texts = written(data, model, kind, "dev", 1, 0.0)
            runs.append(rounded(caption_scores(texts, data.references["dev"])))
            histories.append(history)
        record.put("kinds", kind, {"dev": over_seeds(runs), "runs": runs,
                                   "training": histories})


def lesson(name, record, data):
    """Take the kind that was best on dev, choose the beam on dev, and read the test once."""
    figures = json.loads(record.path.read_text(encoding="utf-8"))["figures"]["kinds"]
    kind = max(LESSONS[name], key=lambda one: figures[one]["dev"]["CIDEr-D"]["mean"])
    training = [text for texts in data.references["train"] for text in texts]
    runs, chosen = [], None
    for seed in SEEDS:
        model, history = trained(data, kind, seed)
        if chosen is None:                                  # on the first seed's dev captions
            dev = {beam: caption_scores(written(data, model, kind, "dev", *beam),
                                        data.references["dev"]) for beam in BEAMS}
            chosen = max(dev, key=lambda beam: dev[beam]["BLEU-4"])
            record.put(name, "beams on dev", {
                f"width {width}, alpha {alpha}": rounded(scores)
                for (width, alpha), scores in dev.items()})
        start = time.perf_counter()
        texts = written(data, model, kind, "test", *chosen)
        runs.append({"seed": seed, "seconds_to_write": round(time.perf_counter() - start, 1),
                     "test": rounded(caption_scores(texts, data.references["test"])),
                     "diversity": rounded(diversity(texts, training)._asdict()),
                     "training": history})
    record.put(name, "test", {
        "kind": kind, "width": chosen[0], "alpha": chosen[1], "runs": runs,
        **over_seeds([run["test"] for run in runs]),
        "options": {"model": model_of(kind)[1], "training": TRAINING}})


SECTIONS = {"baselines": baselines, "kinds": kinds,
            **{name: lambda record, data, name=name: lesson(name, record, data)
               for name in LESSONS}}


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.captions", description=__doc__)
    parser.add_argument("--section", choices=SECTIONS, help="one alone; all without it")
    parser.add_argument("--anew", action="store_true", help="train again what the cache keeps")
    chosen = parser.parse_args()
    record, data = Record(RESULT, COMMAND, SEEDS), Flickr8k(chosen.anew)
    record.put("data", "Flickr8k", {
        "notes": data.notes, "vocabulary": len(data.vocabulary),
        "images": {split: len(texts) for split, texts in data.captions.items()}})
    for name, measure in SECTIONS.items():
        if chosen.section in (None, name):
            measure(record, data)


if __name__ == "__main__":
    main()
