"""Recurrent networks in NumPy, forward and backward, with Keras' shapes and weight layout.

Every cell X, of simple_rnn, lstm, lstm_variant, gru and sru, has one face of two pure functions:

    outputs, state, cache = X_forward(x, state, *weights, mask=None, **options)
    gradients = X_backward(d_outputs, cache, d_state=None, keep_states=False)

x is (batch, time, features), outputs (batch, time, units), a state (batch, units), or for an LSTM
the pair (h, c) of them; None stands for zeros. `gradients` is {"x", "state", a name for each
weight}, and with `keep_states` also "states", the gradient with respect to the state after every
step. `outputs[:, t]` is what is shown after reading `x[:, t]`. `X_step` is one step, as the
equations have it. float32 stays float32.

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
from .lstm_variants import lstm_variant_backward, lstm_variant_forward
from .model import VARIANTS, RecurrentModel, parameter_count, train, units_for_budget
from .optimizers import SGD, Adam, RMSprop
from .simple_rnn import simple_rnn_backward, simple_rnn_forward, simple_rnn_step
from .sru import sru_backward, sru_forward, sru_step

__all__ = [
    "SGD", "VARIANTS", "Adam", "RMSprop", "RecurrentModel", "additive_attention_backward",
    "additive_attention_forward", "blas_threads", "clip_by_global_norm", "clip_by_norm",
    "clip_by_value", "d_relu", "d_sigmoid", "d_tanh", "global_norm", "gru_backward",
    "gru_forward", "gru_step", "jacobian_spectrum", "lstm_backward", "lstm_forward",
    "lstm_step", "lstm_variant_backward", "lstm_variant_forward", "lstm_weights",
    "mean_squared_error", "norms_by_step", "numerical_gradient", "parameter_count",
    "relative_error", "relu", "sigmoid", "simple_rnn_backward", "simple_rnn_forward",
    "simple_rnn_step", "softmax", "softmax_cross_entropy", "softmax_jacobian",
    "spectral_radius", "sru_backward", "sru_forward", "sru_step", "tanh", "train",
    "units_for_budget",
]
