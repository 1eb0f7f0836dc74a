"""Networks that write character by character: forum threads, models, writing, what is copied."""

from .copying import TrainingText
from .generate import Generator, load_generator, model_folder, save_generator, write_threads
from .model import CharEmbedding, CharModel, layer_parameters, reset_state, units_for_parameters
from .playground import ThreadPlayground
from .reading import read_texts, unit_correlations
from .threads import (
    Thread,
    is_thread,
    parse_thread,
    render_thread,
    thread_share,
    thread_start,
)
from .training import evaluate, train
from .writing import CharWriter

__all__ = [
    "CharEmbedding", "CharModel", "CharWriter", "Generator", "Thread",
    "ThreadPlayground", "TrainingText", "evaluate", "is_thread",
    "layer_parameters", "load_generator", "model_folder", "parse_thread", "read_texts",
    "render_thread", "reset_state", "save_generator", "thread_share", "thread_start", "train",
    "unit_correlations", "units_for_parameters", "write_threads",
]
