"""Write forum threads: `python -m utils write --board 显卡吧 --title "求助"`.

It needs the model that lesson 13 trains and saves on this machine. With `--temperature 0` each
character is the most likely one, and all samples are the same.
"""

import argparse
import json
import sys
from collections import namedtuple
from pathlib import Path

import numpy as np

from .. import settings
from ..decoding import PLAIN, Draw

__all__ = ["Generator", "load_generator", "main", "model_folder", "save_generator",
           "write_threads"]

Generator = namedtuple("Generator", "model boards")
_PLACE, _BOARDS = ("models", "tieba"), "boards.json"


def model_folder():
    """Return the folder of the saved model: in the course's cache, whether or not it is there."""
    kept = settings.kept_in_cache(*_PLACE, _BOARDS)
    return kept.parent if kept else settings.cache_path(*_PLACE)


def save_generator(model, boards, folder=None):
    """Save a model trained on threads, and the boards it knows; return the folder.

    Args:
        model: a `CharModel`.
        boards: names of the boards in its training threads.
        folder: None for the course's cache.

    Raises:
        DataError: if it cannot be written there.
    """
    from ..data.cache import cache_error, cache_folder  # pandas comes along: not for reading

    folder = Path(folder or cache_folder(*_PLACE))
    try:
        model.save(folder)
        text = json.dumps(sorted(set(boards)), ensure_ascii=False)
        (folder / _BOARDS).write_text(text, encoding="utf-8")
    except OSError as error:
        raise cache_error("The model", folder, error) from None
    return folder


def load_generator(folder=None):
    """Return the `Generator` (model and boards) that `save_generator` saved.

    Raises:
        ValueError: if there is none, or it is broken.
    """
    folder = Path(folder or model_folder())
    if not (folder / _BOARDS).is_file():
        raise ValueError(f"There is no model in {folder} yet: run lesson 13, which trains one and "
                         "saves it there.")
    from .model import CharModel  # keras is slow to import, and a wrong call needs none

    try:
        boards = json.loads((folder / _BOARDS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{folder / _BOARDS} is broken ({type(error).__name__}): run lesson 13 "
                         "again, which saves the model anew.") from None
    return Generator(CharModel.load(folder), boards)


def write_threads(generator, board, title, seed=0, n=1, n_characters=600, draw=PLAIN):
    """Return `n` sampled threads that begin with a board and a title, as a list of `Written`.

    Args:
        generator: of `load_generator`.
        board: one of `generator.boards`.
        title: of the thread; the model has to know at least one of its characters.
        seed: of the samples.
        n: threads.
        n_characters: of each after its start, at most.
        draw: a `Draw`.

    Raises:
        ValueError: for an unknown board, an empty title, one that the model cannot read, or an
            option that cannot be used.
    """
    from .threads import END, thread_start
    from .writing import CharWriter

    if board not in generator.boards:
        raise ValueError(f"board must be one of {', '.join(generator.boards)}; got {board!r}.")
    if not title.strip():
        raise ValueError("The title is empty: give the thread one, such as 求助.")
    alphabet = generator.model.alphabet
    if all(sign not in alphabet for sign in title):
        raise ValueError(f"The model has never seen a character of the title {title!r}: use "
                         "another, in Chinese characters.")
    if seed < 0:
        raise ValueError(f"seed must be 0 or greater, got {seed}.")
    start = thread_start(board, title)
    return CharWriter(generator.model, compiled=False).write(
        start, np.random.default_rng(seed), n_characters, n, END, draw)


def main(arguments=None):
    """Run the command; return 0, or 2 after a message about what was wrong."""
    parser = argparse.ArgumentParser(prog="python -m utils write", description=__doc__)
    parser.add_argument("--board", required=True, help="such as 显卡吧")
    parser.add_argument("--title", required=True, help="title of the thread")
    parser.add_argument("--temperature", type=float, default=0.8, help="0: always the likeliest")
    parser.add_argument("--top-k", type=int, help="choose among so many likeliest characters")
    parser.add_argument("--top-p", type=float, help="choose among those that reach this chance")
    parser.add_argument("--repetition", type=float, default=0.0,
                        help="take this off the logits of the last 20 characters")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=1, help="how many threads")
    chosen = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        generator = load_generator()
        strange = sorted({s for s in chosen.title if s not in generator.model.alphabet})
        draw = Draw(chosen.temperature, chosen.top_k, chosen.top_p, chosen.repetition)
        texts = write_threads(generator, chosen.board, chosen.title, chosen.seed, chosen.n,
                              draw=draw)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if strange:
        print(f"The model does not know {''.join(strange)} and reads the unknown sign there.",
              file=sys.stderr)
    print("\n\n".join(one.text + ("" if one.reason == "stop" else " …") for one in texts))
    return 0
