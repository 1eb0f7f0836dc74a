"""What the notebooks import: a folder for each subject, and a few modules that all of them use.

    settings      environment variables and folders, read in one place
    scaling       to mean 0 and standard deviation 1, by what a model may know
    normalising   one spelling for what means the same
    training      seeds, a live line, batches for `fit` and how it is told to train
    quiz          the questions at the end of a lesson; quizzes/ holds them

    by_hand/      NumPy, forward and backward: cells, losses, gradients, optimizers, a model
    plots/        figures in the house style: curves, drawings of networks, coloured text
    data/         one loader for each data set; data/fetching/ downloads
    series/       time series: cleaning, windows, baselines, forecasters, an honest backtest
    baskets/      tables of purchases as sequences
    text/         tokens, vocabularies, n-grams, batches, classifiers, the words of captions
    decoding/     sampling and beam search
    metrics/      how good an answer is
    characters/   writing character by character: threads, models, what is copied
    captioning/   sentences about images: models, training, baselines, files of captions
    scenes/       small drawn worlds with captions that are true of them
    studies/      the long experiments behind lessons, and what they measured

    exercises/    a module for each lesson that checks its exercises, and the engine below them
    doctor/       says what is wrong with an installation
    environment/  makes one
    authoring/    solutions to lessons to nbgrader; no lesson imports it

`python -m utils` lists the verbs of the course's command. Imports run downwards: pyproject.toml
has the floors, and `make test` holds them.
"""

import os
import sys


def _can_be_written(folder):
    """Return whether a folder can be written, or made; nothing is left there."""
    missing = None
    while not os.path.isdir(folder):
        missing, folder = folder, os.path.dirname(folder)
        if missing == folder:       # a drive that is not there
            return False
    if missing:
        try:
            os.mkdir(missing)       # rights alone do not tell
            os.rmdir(missing)
        except FileExistsError:     # a file in its place, or another process is as far as this
            return os.path.isdir(missing)
        except OSError:
            return False
    return os.access(folder, os.W_OK)


def _give_matplotlib_a_folder():
    """Where matplotlib could not write its settings or fonts, it would complain on stderr."""
    home = os.path.abspath(os.path.expanduser("~"))
    folders = [os.path.join(home, ".matplotlib")]
    if sys.platform.startswith(("linux", "freebsd")):
        usual = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}
        folders = [os.path.join(home, os.environ.get(name) or place, "matplotlib")
                   for name, place in usual.items()]
    if os.environ.get("MPLCONFIGDIR"):
        folders = [os.path.abspath(os.environ["MPLCONFIGDIR"])]
    if not all(map(_can_be_written, folders)):
        from . import settings

        try:
            os.environ["MPLCONFIGDIR"] = str(settings.writable_cache("matplotlib"))
        except (ImportError, OSError):      # the doctor tells
            pass


# Keras and TensorFlow read these at their import; utils.training silences what is left.
os.environ["KERAS_BACKEND"] = os.environ.get("KERAS_BACKEND") or "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
_give_matplotlib_a_folder()
