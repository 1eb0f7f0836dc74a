"""Character models of forum threads, compared: what lesson 13 trains once, over seeds.

`python -m benchmarks.threads` runs it; lesson 13 builds its main model with the same settings.
"""

from dataclasses import replace

import numpy as np

from ..characters import thread_share
from ..characters.model import CharModel, reset_state, units_for_parameters
from ..characters.threads import END, render_thread, thread_start
from ..characters.training import HOW, evaluate, train
from ..characters.writing import CharWriter
from ..data.tieba import load_tieba
from ..decoding import Draw, log_softmax
from ..text import Alphabet, CharacterNgrams

__all__ = ["KINDS_COMPARED", "MEMORY", "MODEL", "SAMPLING", "SAMPLINGS", "TRAINING", "copies",
           "load_parts", "make_trained", "ngram_bits", "run", "size_of", "thread_text",
           "write_samples"]

MODEL = {"kind": "GRU", "units": 128, "embedding": 128, "dropout": 0.1}
MEMORY = (100, 0.4)                         # characters held at first, by which share of units
SAMPLING = Draw(0.7, top_p=0.9)             # of what is written and then parsed
SAMPLINGS = {"T 0.5": Draw(0.5), "T 0.7": Draw(0.7), "T 0.7, top-p 0.9": SAMPLING,
             "T 1.0, top-p 0.9": Draw(1.0, top_p=0.9)}
TRAINING, STEPS = {"batch_size": 8, "rate": 8e-3}, 128        # STEPS: characters per batch
KINDS_COMPARED = {                          # name: kind, layers; parameters as of the GRU's layer
    "SimpleRNN": ("SimpleRNN", 1), "LSTM": ("LSTM", 1), "GRU": ("GRU", 1),
    "GRU, two layers": ("GRU", 2),
}
_PARAMETERS = 99_072                        # of a GRU layer of 128 units on 128 inputs


def thread_text(table, seed=None):
    """Return the threads of a table as one string, in an order drawn from `seed` if given."""
    order = range(len(table)) if seed is None else np.random.default_rng(seed).permutation(
        len(table))
    rows = table[["board", "title", "posts"]].to_numpy()
    return "".join(render_thread(*rows[k]) for k in order)


def load_parts():
    """Return {"train", "validation", "test"}: tables of threads; and the alphabet of training.

    Characters that occur once in training are not in the alphabet.
    """
    table = load_tieba()
    parts = {name: rows.reset_index(drop=True) for name, rows in table.groupby("split")}
    return parts, Alphabet.fit(thread_text(parts["train"]), min_count=2)


def make_trained(parts, alphabet, passes, seed=0, rounds=1, contiguous=True, training=None,
                 memory=MEMORY, **changes):
    """Return a model trained on the threads, and `train`'s history with validation losses.

    Args:
        parts, alphabet: of `load_parts`.
        passes: over the training text.
        seed: of the order of threads, the weights, dropout and the streams' starts.
        rounds: epochs, equal parts of the passes, a row of the history each.
        contiguous: as in `train`.
        training: changes of `TRAINING`.
        memory: arguments of `start_with_memory`; None to leave the gates as Keras makes them.
        changes: of `MODEL`.
    """
    model, text = CharModel(alphabet, seed=seed, **MODEL | changes), thread_text(
        parts["train"], seed)
    model.start_from_counts(text)
    if memory and model.options["kind"] != "SimpleRNN":
        model.start_with_memory(*memory)
    how = replace(HOW, epochs=rounds, seed=seed, **TRAINING | (training or {}))
    history = train(model, text, int(passes * len(text)), thread_text(parts["validation"]), how,
                    contiguous, STEPS)
    return model, history.history


def ngram_bits(parts, alphabet, order):
    """Return {split: bits per character} of the smoothed n-gram model on validation and test."""
    counted = CharacterNgrams(alphabet, order).fit(thread_text(parts["train"]))
    return {name: counted.bits_per_character(thread_text(parts[name]))
            for name in ("validation", "test")}


def windowed_bits(model, text, steps=64, streams=32):
    """Return the bits per character where the state begins anew every `steps` characters.

    Args:
        model: a `CharModel`.
        text: at least `steps` + 1 characters; a rest that fills no window is left out.
        streams: windows read side by side.
    """
    tokens = model.alphabet.encode(text)
    starts = np.arange(0, len(tokens) - steps, steps)
    if not len(starts):
        raise ValueError(f"A window of {steps} needs a text of at least {steps + 1} characters, "
                         f"got {len(tokens)}.")
    network, nats = model.network(streams), []
    for k in range(0, len(starts), streams):
        chosen = starts[k:k + streams]
        place = np.resize(chosen, streams)[:, None] + np.arange(steps)
        reset_state(network)
        logs = log_softmax(network.predict_on_batch(model.inputs(tokens[place])))
        said = np.take_along_axis(logs, tokens[place + 1][..., None], axis=-1)[..., 0]
        nats.append(-said[:len(chosen)])
    return float(np.concatenate(nats).mean() / np.log(2))


def write_samples(model, threads, n, rng, draw, writer=None):
    """Return texts, `n` for each thread of a table, that begin with its board and title."""
    writer = writer or CharWriter(model)
    return [written.text for board, title in zip(threads["board"], threads["title"], strict=True)
            for written in writer.write(thread_start(board, title), rng, 400, n, END,
                                        draw)]


def copies(learnt, texts, n=8):
    """Return (share, longest): of the texts' n-grams copied, and the longest copy, a string.

    Args:
        learnt: `TrainingText`.
        texts: strings; heads are left out, a copy of a board's name tells nothing.
    """
    bodies = [text.partition("\n")[2] for text in texts]
    copied = np.concatenate([learnt.copied(body, n) for body in bodies])
    longest = max((learnt.longest_copy(body).text for body in bodies), key=len)
    return float(copied.mean()), longest


def run(parts, alphabet, learnt, seed, passes, rounds=1, samplings=None, **changes):
    """Train one model; return its bits, what it writes and what of that is copied.

    Args:
        parts, alphabet: of `load_parts`.
        learnt: `TrainingText` of the training threads, or None to write nothing.
        seed, passes, rounds, changes: see `make_trained`.
        samplings: {name: `Draw`} of more ways to draw, to count threads among the samples.
    """
    model, history = make_trained(parts, alphabet, passes, seed, rounds, **changes)
    text = {name: thread_text(rows) for name, rows in parts.items()}
    found = {"seed": seed, "passes": passes, "parameters": model.parameters(),
             "validation_by_round": (np.array(history["val_loss"]) / np.log(2)).round(4).tolist(),
             "seconds": round(history["seconds"][-1], 1),
             "cpu_seconds": round(history["cpu_seconds"][-1], 1)}
    for name in ("validation", "test"):
        found[name] = round(evaluate(model, text[name]).bits, 4)
    found["training"] = round(evaluate(model, text["train"][:len(text["validation"])]).bits, 4)
    found["validation_in_windows"] = round(windowed_bits(model, text["validation"]), 4)
    if learnt is not None:
        heads, writer = parts["test"].groupby("board").head(2), CharWriter(model)

        def samples_of(draw):
            return write_samples(model, heads, 3, np.random.default_rng(seed), draw, writer)

        samples = samples_of(SAMPLING)
        share, longest = copies(learnt, samples)
        found |= {"samples": len(samples), "threads": round(thread_share(samples), 4),
                  "copied_8grams": round(share, 4), "longest_copy": longest}
        if samplings:
            found["threads_by_sampling"] = {name: round(thread_share(samples_of(draw)), 4)
                                            for name, draw in samplings.items()}
    return found


def size_of(name):
    """Return the options of one of `KINDS_COMPARED`, its units fitted to the same parameters."""
    kind, layers = KINDS_COMPARED[name]
    units = units_for_parameters(kind, _PARAMETERS, layers, MODEL["embedding"])
    return {"kind": kind, "layers": layers, "units": units}
