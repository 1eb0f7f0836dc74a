"""Recurrent networks in NumPy, forward and backward, with Keras' shapes and weight layout.

Each cell is one pure step function; a `..._forward` runs it over time and keeps what its
`..._backward` needs. Shapes: x (batch, time, features), outputs h (batch, time, units),
states (batch, units). `h[:, t]` is the output after reading `x[:, t]`. float32 stays float32.
Importing them leaves NumPy's products with one thread; `blas_threads` says why, and allows more.
"""

from ._threads import blas_threads
from .activations import d_relu, d_sigmoid, d_tanh, relu, sigmoid, softmax, softmax_jacobian, tanh
from .attention import additive_attention_backward, additive_attention_forward
from .gradients import (
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
    jacobian_spectrum,
    norms_by_step,
    numerical_gradient,
    relative_error,
    spectral_radius,
)
from .gru import gru_backward, gru_forward, gru_step
from .losses import mean_squared_error, softmax_cross_entropy
from .lstm import lstm_backward, lstm_forward, lstm_step, lstm_weights
from .model import VARIANTS, RecurrentModel, parameter_count, train, units_for_budget
from .optimizers import SGD, Adam, RMSprop
from .simple_rnn import simple_rnn_backward, simple_rnn_forward, simple_rnn_step
from .sru import sru_backward, sru_forward, sru_step

__all__ = [
    "SGD", "VARIANTS", "Adam", "RMSprop", "RecurrentModel", "additive_attention_backward",
    "additive_attention_forward", "blas_threads", "clip_by_global_norm", "clip_by_norm",
    "clip_by_value", "d_relu", "d_sigmoid", "d_tanh", "global_norm", "gru_backward",
    "gru_forward", "gru_step", "jacobian_spectrum", "lstm_backward", "lstm_forward", "lstm_step",
    "lstm_weights", "mean_squared_error", "norms_by_step", "numerical_gradient",
    "parameter_count", "relative_error", "relu", "sigmoid", "simple_rnn_backward",
    "simple_rnn_forward", "simple_rnn_step", "softmax", "softmax_cross_entropy",
    "softmax_jacobian", "spectral_radius", "sru_backward", "sru_forward", "sru_step", "tanh",
    "train", "units_for_budget",
]
