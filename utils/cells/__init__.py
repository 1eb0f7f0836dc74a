"""Recurrent layers in NumPy, forward and backward, with Keras' shapes and weight layout.

Each cell is one pure step function; a `..._forward` runs it over time and keeps what its
`..._backward` needs. Shapes: x (batch, time, features), outputs h (batch, time, units),
states (batch, units). `h[:, t]` is the output after reading `x[:, t]`. float32 stays float32.
Importing them leaves NumPy's products with one thread; `blas_threads` says why, and allows more.
"""

from ._threads import blas_threads
from .attention import additive_attention_backward, additive_attention_forward
from .gru import gru_backward, gru_forward, gru_step
from .lstm import lstm_backward, lstm_forward, lstm_step, lstm_weights
from .simple_rnn import simple_rnn_backward, simple_rnn_forward, simple_rnn_step
from .sru import sru_backward, sru_forward, sru_step

__all__ = [
    "additive_attention_backward", "additive_attention_forward", "blas_threads",
    "gru_backward", "gru_forward", "gru_step",
    "lstm_backward", "lstm_forward", "lstm_step", "lstm_weights",
    "simple_rnn_backward", "simple_rnn_forward", "simple_rnn_step",
    "sru_backward", "sru_forward", "sru_step",
]
