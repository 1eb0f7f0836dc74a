"""Answers to lesson 02 as learners write them."""

import itertools
import math

import numpy as np
import scipy.special

from utils.training import keras  # silently

# --- rnn_step ---------------------------------------------------------------------------------


def step_one_product(x_t, h_prev, W, U, b):
    return np.tanh(np.concatenate([x_t, h_prev], axis=1) @ np.concatenate([W, U]) + b)


def step_einsum(x_t, h_prev, W, U, b):
    z = np.einsum("bf,fu->bu", x_t, W) + np.einsum("bv,vu->bu", h_prev, U) + b
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def step_float32(x_t, h_prev, W, U, b):
    x_t, h_prev, W, U, b = (a.astype(np.float32) for a in (x_t, h_prev, W, U, b))
    return np.tanh(np.dot(x_t, W) + np.dot(h_prev, U) + b)


def step_row_by_row(x_t, h_prev, W, U, b):
    rows = []
    for x, h in zip(x_t, h_prev, strict=True):
        rows.append([np.tanh(x @ W[:, j] + h @ U[:, j] + b[j]) for j in range(len(b))])
    return np.array(rows)


def step_with_keras(x_t, h_prev, W, U, b):
    cell = keras.layers.SimpleRNNCell(len(b))
    cell.build(x_t.shape)
    cell.set_weights([W, U, b])
    return cell(x_t.astype("float32"), [h_prev.astype("float32")])[0]


def step_in_lists(x_t, h_prev, W, U, b):
    units, features = len(b), len(W)
    return np.array([[math.tanh(sum(row[i] * W[i][j] for i in range(features))
                                + sum(past[i] * U[i][j] for i in range(units)) + b[j])
                      for j in range(units)] for row, past in zip(x_t, h_prev, strict=True)])


def step_of_ones(x_t, h_prev, W, U, b):
    ones = np.ones((len(x_t), 1))
    return np.tanh(np.hstack([x_t, h_prev, ones]) @ np.vstack([W, U, b]))


def step_of_the_first(x_t, h_prev, W, U, b):
    return np.repeat(np.tanh(x_t[:1] @ W + h_prev[:1] @ U + b), len(x_t), axis=0)


# --- rnn_forward ------------------------------------------------------------------------------


def forward_array(x, h_0, W, U, b):
    h = np.zeros((x.shape[0], x.shape[1], h_0.shape[1]))
    for t in range(x.shape[1]):
        h_prev = h_0 if t == 0 else h[:, t - 1]
        h[:, t, :] = np.tanh(x[:, t] @ W + h_prev @ U + b)
    return h


def forward_from_where_it_was(x, h_0, W, U, b, last={}):  # noqa: B006
    h = forward_array(x, last.get(h_0.shape, h_0), W, U, b)
    last[h_0.shape] = h[:, -1]
    return h


def forward_projected(x, h_0, W, U, b):
    h_t, states = h_0, []
    for z_t in (x @ W + b).transpose(1, 0, 2):
        h_t = np.tanh(z_t + h_t @ U)
        states.append(h_t)
    return np.array(states).transpose(1, 0, 2)


def forward_float32(x, h_0, W, U, b):
    return forward_array(*(a.astype("float32") for a in (x, h_0, W, U, b))).astype("float32")


def forward_each_row(x, h_0, W, U, b):
    rows = [forward_array(x[i:i + 1], h_0[i:i + 1], W, U, b) for i in range(len(x))]
    return np.concatenate(rows)


def forward_recursive(x, h_0, W, U, b):
    if x.shape[1] == 0:
        return np.zeros((len(x), 0, len(b)))
    h_1 = np.tanh(x[:, 0] @ W + h_0 @ U + b)
    return np.concatenate([h_1[:, None], forward_recursive(x[:, 1:], h_1, W, U, b)], axis=1)


def forward_accumulated(x, h_0, W, U, b):
    steps = itertools.accumulate(
        np.moveaxis(x, 1, 0), lambda h, x_t: np.tanh(x_t @ W + h @ U + b), initial=h_0)
    return np.stack(list(steps)[1:], axis=-2)


def forward_of_steps(n):
    """Return an answer that takes every sequence for one of `n` steps."""

    def forward(x, h_0, W, U, b):
        h_t, states = h_0, []
        for t in range(n):
            h_t = np.tanh(x[:, t] @ W + h_t @ U + b)
            states.append(h_t)
        return np.stack(states, axis=1)

    return forward


def forward_but_the_last(x, h_0, W, U, b):
    return forward_array(x[:, :-1], h_0, W, U, b)


def forward_last_repeated(x, h_0, W, U, b):
    return np.repeat(forward_last(x, h_0, W, U, b)[:, None], x.shape[1], axis=1)


def forward_tanh_outside(x, h_0, W, U, b):
    h, h_t = np.zeros((*x.shape[:2], len(U))), h_0
    for t in range(x.shape[1]):
        h_t = x[:, t] @ W + h_t @ U + b
        h[:, t] = np.tanh(h_t)
    return h


def forward_from_a_step(step):
    """Return a loop over another step than that of exercise 1."""

    def forward(x, h_0, W, U, b):
        h_t, states = h_0, []
        for t in range(x.shape[1]):
            h_t = step(x[:, t], h_t, W, U, b)
            states.append(h_t)
        return np.stack(states, axis=1)

    return forward


def forward_two_steps_back(x, h_0, W, U, b):
    states = [h_0, h_0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W + states[-2] @ U + b))
    return np.stack(states[2:], axis=1)


def forward_same_h_0_for_all(x, h_0, W, U, b):
    return forward_array(x, np.repeat(h_0[:1], len(x), axis=0), W, U, b)


def forward_not_carried(x, h_0, W, U, b):
    states = [np.tanh(x[:, t] @ W + h_0 @ U + b) for t in range(x.shape[1])]
    return np.stack(states, axis=1)


def forward_from_zero(x, h_0, W, U, b):
    return forward_array(x, np.zeros_like(h_0), W, U, b)


def forward_time_major(x, h_0, W, U, b):
    return forward_array(x, h_0, W, U, b).swapaxes(0, 1)


def forward_last(x, h_0, W, U, b):
    h_t = h_0
    for t in range(x.shape[1]):
        h_t = np.tanh(x[:, t] @ W + h_t @ U + b)
    return h_t


def forward_with_h_0(x, h_0, W, U, b):
    states = [h_0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W + states[-1] @ U + b))
    return np.stack(states, axis=1)


def forward_stored_too_early(x, h_0, W, U, b):
    h_t, states = h_0, []
    for t in range(x.shape[1]):
        states.append(h_t)
        h_t = np.tanh(x[:, t] @ W + h_t @ U + b)
    return np.stack(states, axis=1)


def forward_read_from_the_end(x, h_0, W, U, b):
    h, h_t = np.zeros((*x.shape[:2], h_0.shape[1])), h_0
    for t in reversed(range(x.shape[1])):
        h[:, t] = h_t = np.tanh(x[:, t] @ W + h_t @ U + b)
    return h


def forward_list(x, h_0, W, U, b):
    return list(forward_array(x, h_0, W, U, b).swapaxes(0, 1))


def forward_into_one_array(x, h_0, W, U, b):
    h_t, states = h_0.copy(), []
    for t in range(x.shape[1]):
        h_t[:] = np.tanh(x[:, t] @ W + h_t @ U + b)
        states.append(h_t)
    return np.stack(states, axis=1)


def forward_over_samples(x, h_0, W, U, b):
    h_t, states = h_0, []
    for x_t in x:
        h_t = np.tanh(x_t @ W + h_t @ U + b)
        states.append(h_t)
    return np.stack(states, axis=1)


def forward_over_samples_into_array(x, h_0, W, U, b):
    h, h_t = np.zeros((*x.shape[:2], len(U))), h_0
    for t in range(len(x)):
        h_t = np.tanh(x[t] @ W + h_t @ U + b)
        h[t] = h_t
    return h


def forward_as_many_steps_as_samples(x, h_0, W, U, b):
    return forward_array(x[:, :len(x)], h_0, W, U, b)


def forward_from_the_second(x, h_0, W, U, b):
    h_t, states = h_0, []
    for t in range(1, x.shape[1]):
        h_t = np.tanh(x[:, t] @ W + h_t @ U + b)
        states.append(h_t)
    return np.stack(states, axis=1)


def forward_with_h_0_in_front(x, h_0, W, U, b):
    h = np.zeros((*x.shape[:2], len(U)))
    h[:, 0] = h_0
    for t in range(1, x.shape[1]):
        h[:, t] = np.tanh(x[:, t] @ W + h[:, t - 1] @ U + b)
    return h


def forward_with_zero_in_front(x, h_0, W, U, b):
    return forward_with_h_0_in_front(x, 0 * h_0, W, U, b)


def forward_without_bias(x, h_0, W, U, b):
    return forward_array(x, h_0, W, U, 0 * b)


# --- cross_entropy ----------------------------------------------------------------------------


def log_probabilities(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def entropy_one_hot(logits, targets):
    log_p = log_probabilities(logits)
    one_hot = np.eye(logits.shape[-1])[targets]
    return -np.sum(one_hot * log_p) / targets.size, (np.exp(log_p) - one_hot) / targets.size


def entropy_flat(logits, targets):
    rows, flat = logits.reshape(-1, logits.shape[-1]), targets.ravel()
    log_p = log_probabilities(rows)
    picked = log_p[np.arange(len(flat)), flat]
    d_rows = np.exp(log_p)
    d_rows[np.arange(len(flat)), flat] -= 1
    return float(-picked.mean()), (d_rows / len(flat)).reshape(logits.shape)


def entropy_float32(logits, targets):
    loss, d_logits = entropy_flat(logits.astype(np.float32), targets)
    return loss, d_logits.astype(np.float32)


def entropy_with_loops(logits, targets):
    batch, time, _ = logits.shape
    loss, d_logits = 0.0, np.zeros_like(logits)
    for i in range(batch):
        for t in range(time):
            z = logits[i, t] - max(logits[i, t])
            p = np.exp(z) / np.exp(z).sum()
            loss -= z[targets[i, t]] - np.log(np.exp(z).sum())
            d_logits[i, t] = p - np.eye(len(p))[targets[i, t]]
    return loss / (batch * time), d_logits / (batch * time)


def entropy_with_scipy(logits, targets):
    log_p = scipy.special.log_softmax(logits, axis=-1)
    one_hot = np.arange(logits.shape[-1]) == targets[..., None]
    return -log_p[one_hot].mean(), (scipy.special.softmax(logits, axis=-1) - one_hot) / one_hot[
        ..., 0].size


def entropy_logaddexp(logits, targets):
    log_sum = np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    picked = np.take_along_axis(logits, targets[..., None], axis=-1)
    d_logits = np.exp(logits - log_sum)
    batch, time = np.indices(targets.shape)
    d_logits[batch, time, targets] -= 1
    return np.array((log_sum - picked).mean()), d_logits / targets.size


def entropy_shifted_by(shift):
    """Return an answer that subtracts `shift(logits)` instead of each row's largest logit."""

    def entropy(logits, targets):
        z = logits - shift(logits)
        log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        one_hot = np.eye(logits.shape[-1])[targets]
        return -np.sum(one_hot * log_p) / targets.size, (np.exp(log_p) - one_hot) / targets.size

    return entropy


def entropy_clipped(logits, targets):
    return entropy_one_hot(np.clip(logits, -500, 500), targets)


def entropy_over(axis):
    """Return an answer whose classes compete along `axis`."""

    def entropy(logits, targets):
        e = np.exp(logits - logits.max())
        p = e / e.sum(axis=axis, keepdims=True)
        one_hot = np.eye(logits.shape[-1])[targets]
        return -np.sum(one_hot * np.log(p)) / targets.size, (p - one_hot) / targets.size

    return entropy


def entropy_with_gradient(gradient):
    """Return an answer with the right loss and `gradient(p, one_hot)` beside it."""

    def entropy(logits, targets):
        loss, _ = entropy_one_hot(logits, targets)
        return loss, gradient(np.exp(log_probabilities(logits)), np.eye(logits.shape[-1])[targets])

    return entropy


def entropy_each(logits, targets):
    _, d_logits = entropy_one_hot(logits, targets)
    log_p = log_probabilities(logits)
    return -np.take_along_axis(log_p, targets[..., None], axis=-1)[..., 0], d_logits


def entropy_over_time_only(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return loss * len(targets), d_logits * len(targets)


def entropy_of_the_best(logits, targets):
    return -log_probabilities(logits).max(axis=-1).mean(), entropy_one_hot(logits, targets)[1]


def entropy_of_the_last_step(logits, targets):
    _, d_logits = entropy_one_hot(logits, targets)
    return entropy_one_hot(logits[:, -1:], targets[:, -1:])[0], d_logits


def entropy_summed(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return loss * targets.size, d_logits * targets.size


def entropy_mean_over_entries(logits, targets):
    one_hot = np.eye(logits.shape[-1])[targets]
    log_p = log_probabilities(logits)
    return -np.mean(one_hot * log_p), (np.exp(log_p) - one_hot) / logits.size


def entropy_in_bits(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return loss / np.log(2), d_logits / np.log(2)


def entropy_sign_of_loss(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return -loss, d_logits


def entropy_sign_of_gradient(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return loss, -d_logits


def entropy_over_time(logits, targets):
    e = np.exp(logits - logits.max())
    p = e / e.sum(axis=1, keepdims=True)
    one_hot = np.eye(logits.shape[-1])[targets]
    return -np.sum(one_hot * np.log(p)) / targets.size, (p - one_hot) / targets.size


def entropy_without_target(logits, targets):
    loss, _ = entropy_one_hot(logits, targets)
    return loss, np.exp(log_probabilities(logits)) / targets.size


def entropy_over_batch(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return loss * targets.shape[1], d_logits * targets.shape[1]


def entropy_gradient_not_averaged(logits, targets):
    loss, d_logits = entropy_one_hot(logits, targets)
    return loss, d_logits * targets.size


def entropy_slope_of_log(logits, targets):
    one_hot = np.eye(logits.shape[-1])[targets]
    loss, _ = entropy_one_hot(logits, targets)
    return loss, -one_hot / np.exp(log_probabilities(logits)) / targets.size


def entropy_naive(logits, targets):
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    one_hot = np.eye(logits.shape[-1])[targets]
    loss = -np.log(np.take_along_axis(p, targets[..., None], axis=-1)).mean()
    return loss, (p - one_hot) / targets.size


def entropy_log_of_a_little_more(logits, targets):
    p = np.exp(log_probabilities(logits))
    one_hot = np.eye(logits.shape[-1])[targets]
    return -np.sum(one_hot * np.log(p + 1e-12)) / targets.size, (p - one_hot) / targets.size


def entropy_log_of_p(logits, targets):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    loss = -np.log(np.take_along_axis(p, targets[..., None], axis=-1)).mean()
    return loss, (p - np.eye(logits.shape[-1])[targets]) / targets.size


def entropy_loss_alone(logits, targets):
    return entropy_one_hot(logits, targets)[0]


# --- rnn_step_backward ------------------------------------------------------------------------


def back_plain(d_h_t, x_t, h_prev, h_t, W, U):
    d_z = d_h_t * (1 - h_t**2)
    return d_z @ W.T, d_z @ U.T, x_t.T @ d_z, h_prev.T @ d_z, d_z.sum(axis=0)


def back_einsum(d_h_t, x_t, h_prev, h_t, W, U):
    d_z = d_h_t / np.cosh(np.arctanh(h_t)) ** 2
    return [np.einsum("bu,fu->bf", d_z, W), np.einsum("bu,vu->bv", d_z, U),
            np.einsum("bf,bu->fu", x_t, d_z), np.einsum("bv,bu->vu", h_prev, d_z),
            np.einsum("bu->u", d_z)]


def back_row_by_row(d_h_t, x_t, h_prev, h_t, W, U):
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    dx, dh = [], []
    for d, x, past, h in zip(d_h_t, x_t, h_prev, h_t, strict=True):
        d_z = d * (1 - h * h)
        dW += np.outer(x, d_z)
        dU += np.outer(past, d_z)
        db += d_z
        dx.append(W @ d_z)
        dh.append(U @ d_z)
    return np.array(dx), np.array(dh), dW, dU, db


def back_float32(*given):
    return back_plain(*(a.astype(np.float32) for a in given))


def back_with_slopes(d_h_t, x_t, h_prev, h_t, W, U):
    slopes = (1 - h_t) * (1 + h_t)
    d_z = np.multiply(d_h_t, slopes)
    return (np.dot(W, d_z.T).T, np.dot(U, d_z.T).T, np.tensordot(x_t, d_z, (0, 0)),
            np.tensordot(h_prev, d_z, (0, 0)), np.ones(len(d_z)) @ d_z)


def back_in_one_product(d_h_t, x_t, h_prev, h_t, W, U):
    d_z = d_h_t - d_h_t * h_t**2
    d_in, d_weights = d_z @ np.vstack([W, U]).T, np.hstack([x_t, h_prev]).T @ d_z
    n = len(W)
    return d_in[:, :n], d_in[:, n:], d_weights[:n], d_weights[n:], d_z.sum(0)


def back_by_slope(slope):
    """Return an answer that takes `slope(h_t, h_prev)` for that of tanh."""

    def backward(d_h_t, x_t, h_prev, h_t, W, U):
        d_z = d_h_t * slope(h_t, h_prev)
        return d_z @ W.T, d_z @ U.T, x_t.T @ d_z, h_prev.T @ d_z, d_z.sum(axis=0)

    return backward


def back_changed(**changed):
    """Return an answer whose gradients of the names given are made another way."""

    def backward(d_h_t, x_t, h_prev, h_t, W, U):
        right = dict(zip(("dx", "dh", "dW", "dU", "db"),
                         back_plain(d_h_t, x_t, h_prev, h_t, W, U), strict=True))
        d_z = d_h_t * (1 - h_t**2)
        made = {k: f(d_z, d_h_t, x_t, h_prev, W, U) for k, f in changed.items()}
        return tuple({**right, **made}.values())

    return backward


def back_without_tanh(d_h_t, x_t, h_prev, h_t, W, U):
    return back_plain(d_h_t, x_t, h_prev, 0 * h_t, W, U)


def back_tanh_twice(d_h_t, x_t, h_prev, h_t, W, U):
    return back_plain(d_h_t, x_t, h_prev, np.tanh(h_t), W, U)


def back_without_square(d_h_t, x_t, h_prev, h_t, W, U):
    d_z = d_h_t * (1 - h_t)
    return d_z @ W.T, d_z @ U.T, x_t.T @ d_z, h_prev.T @ d_z, d_z.sum(axis=0)


def back_bias_not_summed(d_h_t, x_t, h_prev, h_t, W, U):
    return (*back_plain(d_h_t, x_t, h_prev, h_t, W, U)[:4], d_h_t * (1 - h_t**2))


def back_averaged(d_h_t, x_t, h_prev, h_t, W, U):
    dx, dh, dW, dU, db = back_plain(d_h_t, x_t, h_prev, h_t, W, U)
    return dx, dh, dW / len(x_t), dU / len(x_t), db / len(x_t)


def back_bias_averaged(d_h_t, x_t, h_prev, h_t, W, U):
    return (*back_plain(d_h_t, x_t, h_prev, h_t, W, U)[:4], (d_h_t * (1 - h_t**2)).mean(axis=0))


def back_through_U(d_h_t, x_t, h_prev, h_t, W, U):
    dx, _, dW, dU, db = back_plain(d_h_t, x_t, h_prev, h_t, W, U)
    return dx, (d_h_t * (1 - h_t**2)) @ U, dW, dU, db


def back_dU_turned(d_h_t, x_t, h_prev, h_t, W, U):
    dx, dh, dW, dU, db = back_plain(d_h_t, x_t, h_prev, h_t, W, U)
    return dx, dh, dW, dU.T, db


def back_with_the_state_after(d_h_t, x_t, h_prev, h_t, W, U):
    return back_plain(d_h_t, x_t, h_t, h_t, W, U)


def back_wrong_side(d_h_t, x_t, h_prev, h_t, W, U):
    d_z = d_h_t * (1 - h_t**2)
    return W @ d_z, U @ d_z, d_z @ x_t, d_z @ h_prev, d_z.sum(axis=0)


def back_weights_first(d_h_t, x_t, h_prev, h_t, W, U):
    dx, dh, dW, dU, db = back_plain(d_h_t, x_t, h_prev, h_t, W, U)
    return dW, dU, db, dx, dh


def back_W_and_U_swapped(d_h_t, x_t, h_prev, h_t, W, U):
    dx, dh, dW, dU, db = back_plain(d_h_t, x_t, h_prev, h_t, W, U)
    return dx, dh, dU, dW, db


def back_bias_before_weights(d_h_t, x_t, h_prev, h_t, W, U):
    dx, dh, dW, dU, db = back_plain(d_h_t, x_t, h_prev, h_t, W, U)
    return dh, dx, db, dW, dU


# --- rnn_backward -----------------------------------------------------------------------------


def through_time(d_h, x, h_0, h, W, U):
    dW, dU, db, d_next = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U)), 0
    for t in range(x.shape[1] - 1, -1, -1):
        h_prev = h[:, t - 1] if t > 0 else h_0
        _, d_next, dW_t, dU_t, db_t = back_plain(d_h[:, t] + d_next, x[:, t], h_prev, h[:, t],
                                                 W, U)
        dW, dU, db = dW + dW_t, dU + dU_t, db + db_t
    return d_next, dW, dU, db


def through_time_all_at_once(d_h, x, h_0, h, W, U):
    d_z, d_next = np.empty_like(h), np.zeros_like(h_0)
    for t in reversed(range(h.shape[1])):
        d_z[:, t] = (d_h[:, t] + d_next) * (1 - h[:, t] ** 2)
        d_next = d_z[:, t] @ U.T
    h_prev = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    return (d_next, np.einsum("btf,btu->fu", x, d_z),
            np.einsum("btv,btu->vu", h_prev, d_z), d_z.sum(axis=(0, 1)))


def through_time_recursive(d_h, x, h_0, h, W, U):
    def back(t, d_next):
        if t < 0:
            return [d_next, 0, 0, 0]
        h_prev = h_0 if t == 0 else h[:, t - 1]
        _, d_prev, dW, dU, db = back_plain(d_h[:, t] + d_next, x[:, t], h_prev, h[:, t], W, U)
        earlier = back(t - 1, d_prev)
        return [earlier[0], earlier[1] + dW, earlier[2] + dU, earlier[3] + db]

    return back(h.shape[1] - 1, 0.0)


def through_time_float32(*given):
    return through_time(*(a.astype("float32") for a in given))


def through_time_transposed(d_h, x, h_0, h, W, U):
    states = [h_0, *np.moveaxis(h, 1, 0)]
    dW, dU, db, d_next = 0.0, 0.0, 0.0, np.zeros(h_0.shape)
    for t in range(len(states) - 1, 0, -1):
        d_z = ((d_h[:, t - 1] + d_next) * (1 - states[t] ** 2)).T
        dW, dU, db = dW + (d_z @ x[:, t - 1]).T, dU + (d_z @ states[t - 1]).T, db + d_z.sum(1)
        d_next = (U @ d_z).T
    return [d_next, dW, dU, db]


def through_time_row_by_row(d_h, x, h_0, h, W, U):
    rows = [through_time(d_h[i:i + 1], x[i:i + 1], h_0[i:i + 1], h[i:i + 1], W, U)
            for i in range(len(x))]
    d_h_0, dW, dU, db = zip(*rows, strict=True)
    return np.concatenate(d_h_0), sum(dW), sum(dU), sum(db)


def time_over(steps):
    """Return an answer that walks over `steps(time)` only."""

    def answer(d_h, x, h_0, h, W, U):
        dW, dU, db, d_next = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U)), 0 * h_0
        for t in steps(x.shape[1]):
            h_prev = h[:, t - 1] if t > 0 else h_0
            _, d_next, dW_t, dU_t, db_t = back_plain(d_h[:, t] + d_next, x[:, t], h_prev, h[:, t],
                                                     W, U)
            dW, dU, db = dW + dW_t, dU + dU_t, db + db_t
        return d_next, dW, dU, db

    return answer


def time_last_loss(d_h, x, h_0, h, W, U):
    last = np.zeros_like(d_h)
    last[:, -1] = d_h[:, -1]
    return through_time(last, x, h_0, h, W, U)


def time_dW_turned(*given):
    d_h_0, dW, dU, db = through_time(*given)
    return d_h_0, dW.T, dU, db


def time_without_bias(*given):
    return through_time(*given)[:3]


def time_averaged_over_steps(d_h, *given):
    d_h_0, dW, dU, db = through_time(d_h, *given)
    return d_h_0, dW / d_h.shape[1], dU / d_h.shape[1], db / d_h.shape[1]


def time_truncated(d_h, x, h_0, h, W, U):
    cut = max(0, x.shape[1] - 10)
    past = h[:, cut - 1] if cut else h_0
    return through_time(d_h[:, cut:], x[:, cut:], past, h[:, cut:], W, U)


def time_no_carry(d_h, x, h_0, h, W, U):
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t > 0 else h_0
        _, d_prev, dW_t, dU_t, db_t = back_plain(d_h[:, t], x[:, t], h_prev, h[:, t], W, U)
        dW, dU, db = dW + dW_t, dU + dU_t, db + db_t
    return d_prev, dW, dU, db


def time_overwritten(d_h, x, h_0, h, W, U):
    d_next = 0
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t > 0 else h_0
        _, d_next, dW, dU, db = back_plain(d_h[:, t] + d_next, x[:, t], h_prev, h[:, t], W, U)
    return d_next, dW, dU, db


def time_forwards(d_h, x, h_0, h, W, U):
    dW, dU, db, d_next = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U)), 0
    for t in range(x.shape[1]):
        h_prev = h[:, t - 1] if t > 0 else h_0
        _, d_next, dW_t, dU_t, db_t = back_plain(d_h[:, t] + d_next, x[:, t], h_prev, h[:, t],
                                                 W, U)
        dW, dU, db = dW + dW_t, dU + dU_t, db + db_t
    return d_next, dW, dU, db


def with_loop(carry, before=lambda h, h_0, t: h[:, t - 1] if t > 0 else h_0,
              slope=lambda h_t: 1 - h_t**2):
    """Return a backward pass whose loop sends `carry(d_next, d, d_z, U)` back."""

    def answer(d_h, x, h_0, h, W, U):
        dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
        d_next = np.zeros_like(h_0)
        for t in reversed(range(x.shape[1])):
            d = d_h[:, t] + d_next
            d_z = d * slope(h[:, t])
            dW, dU = dW + x[:, t].T @ d_z, dU + before(h, h_0, t).T @ d_z
            db, d_next = db + d_z.sum(axis=0), carry(d_next, d, d_z, U)
        return d_next, dW, dU, db

    return answer


def sent_back(d_next, d, d_z, U):
    return d_z @ U.T


def time_averaged(*given):
    d_h_0, dW, dU, db = through_time(*given)
    return d_h_0, dW / len(d_h_0), dU / len(d_h_0), db / len(d_h_0)


def time_weights_only(*given):
    return through_time(*given)[1:]


def time_weights_first(*given):
    d_h_0, dW, dU, db = through_time(*given)
    return dW, dU, db, d_h_0


def time_with_d_x(d_h, x, h_0, h, W, U):
    d_x, d_next, dW, dU, db = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t > 0 else h_0
        d_x[:, t], d_next, dW_t, dU_t, db_t = back_plain(d_h[:, t] + d_next, x[:, t], h_prev,
                                                         h[:, t], W, U)
        dW, dU, db = dW + dW_t, dU + dU_t, db + db_t
    return d_x, d_next, dW, dU, db


def time_twice_the_bias(*given):
    d_h_0, dW, dU, db = through_time(*given)
    return d_h_0, dW, dU, db, db, d_h_0


# --- clip_gradients ---------------------------------------------------------------------------


def norm_of_all(gradients):
    return np.sqrt(sum(np.sum(g**2) for g in gradients))


def clip_with_if(gradients, max_norm):
    norm = norm_of_all(gradients)
    if norm <= max_norm:
        return gradients
    return [g / norm * max_norm for g in gradients]


def clip_one_vector(gradients, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    return tuple(g * min(1.0, max_norm / (norm + 1e-6)) for g in gradients)


def clip_norm_of_norms(gradients, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients])
    factor = max_norm / max(norm, max_norm)
    return [np.multiply(g, factor) for g in gradients]


def clip_by_einsum(gradients, max_norm):
    squares = [float(np.einsum("i,i->", g.ravel(), g.ravel())) for g in gradients]
    norm = math.sqrt(math.fsum(squares))
    return [g * (max_norm / norm) if norm > max_norm else g.copy() for g in gradients]


def clip_float32(gradients, max_norm):
    return [g.astype(np.float32) for g in clip_with_if(gradients, max_norm)]


def clip_with_hypot(gradients, max_norm):
    norm = 0.0
    for g in gradients:
        for entry in np.ravel(g):
            norm = math.hypot(norm, entry)
    return [g / max(1.0, norm / max_norm) for g in gradients]


def clip_by_factor(factor):
    """Return an answer that scales by `factor(gradients, max_norm)` where that is below 1."""

    def clip(gradients, max_norm):
        scale = min(1.0, factor(gradients, max_norm))
        return [g * scale for g in gradients]

    return clip


def all_entries(gradients):
    return np.concatenate([np.ravel(g) for g in gradients])


def clip_only_the_first(gradients, max_norm):
    first, *rest = gradients
    return [clip_with_if([first], max_norm)[0], *rest]


def clip_to_one(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g / norm for g in gradients] if norm > max_norm else gradients


def clip_the_wrong_way(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g * max_norm / norm for g in gradients] if 0 < norm < max_norm else gradients


def clip_unless_above_one(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g * max_norm / norm for g in gradients] if norm > 1 else gradients


def clip_three(gradients, max_norm):
    a, b, c = gradients
    factor = min(1, max_norm / max(norm_of_all([a, b, c]), 1e-12))
    return [a * factor, b * factor, c * factor]


def clip_nothing_of_nothing(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [] if norm == 0 else clip_with_if(gradients, max_norm)


def clip_each(gradients, max_norm):
    return [g * min(1, max_norm / max(np.linalg.norm(g), 1e-12)) for g in gradients]


def clip_entries(gradients, max_norm):
    return [np.clip(g, -max_norm, max_norm) for g in gradients]


def clip_always(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g * (max_norm / (norm + 1e-12)) for g in gradients]


def clip_squared(gradients, max_norm):
    norm = sum(np.sum(g**2) for g in gradients)
    return [g * (max_norm / max(norm, max_norm)) for g in gradients]


def clip_sum_of_norms(gradients, max_norm):
    norm = sum(np.linalg.norm(g) for g in gradients)
    return [g * (max_norm / max(norm, max_norm)) for g in gradients]


def clip_upside_down(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g * norm / max_norm for g in gradients] if norm > max_norm else gradients


def clip_divides_by_zero(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [np.where(norm > max_norm, g * max_norm / norm, g / norm * norm) for g in gradients]


def clip_trusts_numpy_with_zero(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g * min(1, max_norm / norm) for g in gradients]


def clip_python_number(gradients, max_norm):
    norm = float(norm_of_all(gradients))
    return [g * min(1, max_norm / norm) for g in gradients]


def clip_asks_first(gradients, max_norm):
    norm = norm_of_all(gradients)
    return [g * min(1.0, max_norm / norm) if norm > 0 else g for g in gradients]


def clip_with_numpy_where(gradients, max_norm):
    norm = norm_of_all(gradients)
    factor = np.where(norm > max_norm, max_norm / np.maximum(norm, max_norm), 1.0)
    return [g * factor for g in gradients]


def clip_in_place(gradients, max_norm):
    norm = norm_of_all(gradients)
    if norm > max_norm:
        for g in gradients:
            g *= max_norm / norm
    return gradients


def clip_one_long_array(gradients, max_norm):
    return np.concatenate([g.ravel() for g in clip_with_if(gradients, max_norm)])


RIGHT = {
    "rnn_step": {"one_product": step_one_product, "einsum": step_einsum,
                 "float32": step_float32, "row_by_row": step_row_by_row,
                 "keras": step_with_keras, "lists": step_in_lists, "of_ones": step_of_ones},
    "rnn_forward": {"array": forward_array, "projected": forward_projected,
                    "float32": forward_float32, "each_row": forward_each_row,
                    "recursive": forward_recursive, "accumulated": forward_accumulated,
                    "over_other_steps": forward_from_a_step(step_of_ones)},
    "cross_entropy": {"one_hot": entropy_one_hot, "flat": entropy_flat,
                      "float32": entropy_float32, "loops": entropy_with_loops,
                      "scipy": entropy_with_scipy, "logaddexp": entropy_logaddexp,
                      "shifted": entropy_shifted_by(lambda z: z.max(axis=-1, keepdims=True))},
    "rnn_step_backward": {"plain": back_plain, "einsum": back_einsum,
                          "row_by_row": back_row_by_row, "float32": back_float32,
                          "slopes": back_with_slopes, "one_product": back_in_one_product},
    "rnn_backward": {"accumulating": through_time, "all_at_once": through_time_all_at_once,
                     "recursive": through_time_recursive, "float32": through_time_float32,
                     "transposed": through_time_transposed,
                     "row_by_row": through_time_row_by_row},
    "clip_gradients": {"with_if": clip_with_if, "one_vector": clip_one_vector,
                       "norm_of_norms": clip_norm_of_norms, "asks_first": clip_asks_first,
                       "where": clip_with_numpy_where, "einsum": clip_by_einsum,
                       "float32": clip_float32, "hypot": clip_with_hypot},
}

WRONG = {
    "rnn_step": {
        "forgets_bias": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U), "no_bias"),
        "forgets_state": (lambda x, h, W, U, b: np.tanh(x @ W + b), "no_state"),
        "linear": (lambda x, h, W, U, b: x @ W + h @ U + b, "no_tanh"),
        "sigmoid": (lambda x, h, W, U, b: 1 / (1 + np.exp(-(x @ W + h @ U + b))), "sigmoid"),
        "turns_U": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U.T + b), "U_transposed"),
        "state_outside": (lambda x, h, W, U, b: np.tanh(x @ W + b) + h @ U, "tanh_of_a_part"),
        "weights_first": (lambda x, h, W, U, b: np.tanh(W @ x + U @ h + b), "raises"),
        "column_vectors": (lambda x, h, W, U, b: np.tanh(W.T @ x.T + U.T @ h.T + b[:, None]),
                           "transposed"),
        "subtracts_bias": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U - b), "subtracted"),
        "forgets_input": (lambda x, h, W, U, b: np.tanh(h @ U + b), "no_input"),
        "relu": (lambda x, h, W, U, b: np.maximum(0, x @ W + h @ U + b), "relu"),
        "bias_outside": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b, "tanh_of_a_part"),
        "tanh_of_each": (lambda x, h, W, U, b: np.tanh(x @ W) + np.tanh(h @ U) + b,
                         "tanh_of_a_part"),
        "tanh_twice": (lambda x, h, W, U, b: np.tanh(np.tanh(x @ W + h @ U + b)),
                       "tanh_of_a_part"),
        "entry_by_entry": (lambda x, h, W, U, b: np.tanh(x * W + h * U + b), "raises"),
        "bias_twice": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U + 2 * b), None),
        "size_of_the_state": (lambda x, h, W, U, b: np.abs(np.tanh(x @ W + h @ U + b)), None),
        "mean_of_the_batch": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U + b).mean(axis=0),
                              None),
        "the_first_sample": (step_of_the_first, None),
        "a_list": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U + b).tolist(), "not_an_array"),
        "input_minus_state": (lambda x, h, W, U, b: np.tanh(x @ W - h @ U + b), "subtracted"),
        "returns_nothing": (lambda x, h, W, U, b: None, "returns_none"),
    },
    "rnn_forward": {
        "from_where_it_was": (forward_from_where_it_was, "keeps_state"),
        "restarts_each_step": (forward_not_carried, "state_not_carried"),
        "starts_from_zero": (forward_from_zero, "zero_state"),
        "time_first": (forward_time_major, "time_major"),
        "only_the_last": (forward_last, "last_only"),
        "one_too_many": (forward_with_h_0, "includes_h_0"),
        "stores_before_the_step": (forward_stored_too_early, "one_late"),
        "reads_from_the_end": (forward_read_from_the_end, "backwards"),
        "returns_in_reverse": (lambda *given: forward_array(*given)[:, ::-1], "backwards"),
        "a_list": (forward_list, "not_an_array"),
        "writes_into_one_array": (forward_into_one_array, "one_array"),
        "for_x_t_in_x": (forward_over_samples, "batch_axis"),
        "for_t_in_range_len_x": (forward_over_samples_into_array, "batch_axis"),
        "counts_samples": (forward_as_many_steps_as_samples, "batch_axis"),
        "starts_at_1": (forward_from_the_second, "skips_first"),
        "h_0_in_front": (forward_with_h_0_in_front, "skips_first"),
        "zero_in_front": (forward_with_zero_in_front, "skips_first"),
        "mean_over_steps": (lambda *given: forward_array(*given).mean(axis=1),
                            "mean_over_time"),
        "no_bias": (forward_without_bias, "other_step"),
        "no_tanh": (forward_from_a_step(lambda x, h, W, U, b: x @ W + h @ U + b), "other_step"),
        "U_turned": (forward_from_a_step(
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U.T + b)), "other_step"),
        "six_steps": (forward_of_steps(6), "fixed_length"),
        "four_steps": (forward_of_steps(4), None),
        "one_step_less": (forward_but_the_last, "stops_early"),
        "last_at_every_step": (forward_last_repeated, "one_array"),
        "tanh_outside_the_loop": (forward_tanh_outside, None),
        "two_steps_back": (forward_two_steps_back, None),
        "same_start_for_all": (forward_same_h_0_for_all, None),
        "units_before_time": (lambda *given: forward_array(*given).swapaxes(1, 2), None),
        "last_and_all": (lambda *given: (forward_array(*given), forward_last(*given)),
                         "not_an_array"),
        "batch_in_one_row": (lambda *given: forward_array(*given).reshape(
            len(given[0]), -1), None),
    },
    "cross_entropy": {
        "sums": (entropy_summed, "summed"),
        "mean_of_all_entries": (entropy_mean_over_entries, "over_entries"),
        "bits": (entropy_in_bits, "bits"),
        "loss_sign": (entropy_sign_of_loss, "sign"),
        "gradient_sign": (entropy_sign_of_gradient, "sign"),
        "softmax_over_time": (entropy_over_time, "wrong_axis"),
        "forgets_the_target": (entropy_without_target, "no_target"),
        "divides_by_batch": (entropy_over_batch, "batch_averaged"),
        "gradient_of_the_sum": (entropy_gradient_not_averaged, "not_averaged"),
        "stops_at_the_log": (entropy_slope_of_log, "d_log"),
        "naive_exp": (entropy_naive, "overflow"),
        "log_of_p": (entropy_log_of_p, "log_of_p"),
        "adds_epsilon": (entropy_log_of_a_little_more, "log_of_p"),
        "loss_alone": (entropy_loss_alone, "wrong_count"),
        "gradient_first": (lambda *given: entropy_one_hot(*given)[::-1], "order"),
        "each_target": (entropy_each, "per_target"),
        "divides_by_time": (entropy_over_time_only, "time_averaged"),
        "softmax_over_batch": (entropy_over(0), "wrong_axis"),
        "softmax_over_all": (entropy_over((0, 1, 2)), "wrong_axis"),
        "of_the_best_class": (entropy_of_the_best, None),
        "of_the_last_step": (entropy_of_the_last_step, None),
        "largest_of_all": (entropy_shifted_by(lambda z: z.max()), "overflow"),
        "smallest": (entropy_shifted_by(lambda z: z.min(axis=-1, keepdims=True)), "overflow"),
        "mean_logit": (entropy_shifted_by(lambda z: z.mean(axis=-1, keepdims=True)), "overflow"),
        "first_logit": (entropy_shifted_by(lambda z: z[..., :1]), "overflow"),
        "largest_over_time": (entropy_shifted_by(lambda z: z.max(axis=1, keepdims=True)),
                              "other_shift"),
        "clips_logits": (entropy_clipped, "overflow"),
        "gradient_per_sample": (entropy_with_gradient(lambda p, y: (p - y) / len(p)),
                                "batch_averaged"),
        "gradient_per_step": (entropy_with_gradient(lambda p, y: (p - y) / p.shape[1]),
                              "time_averaged"),
        "gradient_per_entry": (entropy_with_gradient(lambda p, y: (p - y) / p.size),
                               "over_entries"),
        "gradient_turned_and_summed": (entropy_with_gradient(lambda p, y: y - p), "sign"),
        "gradient_of_targets_only": (entropy_with_gradient(
            lambda p, y: (p - 1) * y / y[..., 0].size), None),
        "size_of_the_gradient": (entropy_with_gradient(
            lambda p, y: np.abs(p - y) / y[..., 0].size), None),
    },
    "rnn_step_backward": {
        "skips_tanh": (back_without_tanh, "no_tanh"),
        "tanh_twice": (back_tanh_twice, "tanh_twice"),
        "no_square": (back_without_square, "slope_without_square"),
        "bias_per_row": (back_bias_not_summed, "db_not_summed"),
        "mean_over_batch": (back_averaged, "averaged"),
        "mean_of_bias": (back_bias_averaged, "averaged"),
        "U_not_turned": (back_through_U, "U_not_transposed"),
        "dU_turned": (back_dU_turned, "dU_transposed"),
        "state_after": (back_with_the_state_after, "wrong_partner"),
        "wrong_side": (back_wrong_side, "raises"),
        "weights_first": (back_weights_first, "order"),
        "W_and_U_swapped": (back_W_and_U_swapped, "order"),
        "bias_before_weights": (back_bias_before_weights, "order"),
        "inputs_left_out": (lambda *given: back_plain(*given)[1:], "wrong_count"),
        "weights_only": (lambda *given: back_plain(*given)[2:], "wrong_count"),
        "sigmoid_slope": (back_by_slope(lambda h, past: h * (1 - h)), "sigmoid_slope"),
        "slope_of_the_past": (back_by_slope(lambda h, past: 1 - past**2), "past_slope"),
        "slope_with_a_plus": (back_by_slope(lambda h, past: 1 + h**2), None),
        "dW_turned": (back_changed(dW=lambda d_z, d_h, x, past, W, U: d_z.T @ x), "transposed"),
        "dW_before_tanh": (back_changed(dW=lambda d_z, d_h, x, past, W, U: x.T @ d_h), "no_tanh"),
        "dx_before_tanh": (back_changed(dx=lambda d_z, d_h, x, past, W, U: d_h @ W.T), "no_tanh"),
        "db_over_units": (back_changed(db=lambda d_z, d_h, x, past, W, U: d_z.sum(axis=1)),
                          "db_not_summed"),
        "db_one_number": (back_changed(db=lambda d_z, d_h, x, past, W, U: d_z.sum()),
                          "db_not_summed"),
        "db_of_the_first": (back_changed(db=lambda d_z, d_h, x, past, W, U: d_z[0]), None),
        "db_keeps_an_axis": (back_changed(
            db=lambda d_z, d_h, x, past, W, U: d_z.sum(axis=0, keepdims=True)), None),
        "dh_adds_d_h": (back_changed(dh=lambda d_z, d_h, x, past, W, U: d_z @ U.T + d_h), None),
        "dU_of_the_first": (back_changed(
            dU=lambda d_z, d_h, x, past, W, U: np.outer(past[0], d_z[0])), None),
        "turned_round": (lambda *given: [-g for g in back_plain(*given)], None),
        "nothing": (lambda *given: back_plain(*given) and None, "returns_none"),
    },
    "rnn_backward": {
        "no_carry": (time_no_carry, "no_carry"),
        "keeps_one_step": (time_overwritten, "overwritten"),
        "walks_forwards": (time_forwards, "forwards"),
        "piles_up": (with_loop(lambda n, d, d_z, U: n + d_z @ U.T), "carry_piles_up"),
        "sends_d_h": (with_loop(lambda n, d, d_z, U: d @ U.T), "carry_before_tanh"),
        "U_not_turned": (with_loop(lambda n, d, d_z, U: d_z @ U), "U_not_transposed"),
        "skips_tanh": (with_loop(sent_back, slope=lambda h_t: 1.0), "no_tanh"),
        "state_after": (with_loop(sent_back, lambda h, h_0, t: h[:, t]), "state_after"),
        "wraps_around": (with_loop(sent_back, lambda h, h_0, t: h[:, t - 1]), "wraps_around"),
        "forgets_h_0": (with_loop(sent_back, lambda h, h_0, t: h[:, t - 1] * (t > 0)),
                        "zero_h_0"),
        "mean_over_batch": (time_averaged, "averaged"),
        "three_results": (time_weights_only, "three_values"),
        "five_results": (time_with_d_x, "five_values"),
        "six_results": (time_twice_the_bias, "wrong_count"),
        "weights_first": (time_weights_first, "order"),
        "starts_one_early": (time_over(lambda n: range(n - 2, -1, -1)), "skips_last"),
        "stops_one_early": (time_over(lambda n: range(n - 1, 0, -1)), "skips_first"),
        "six_steps": (time_over(lambda n: range(5, -1, -1)), "fixed_length"),
        "last_loss_only": (time_last_loss, "last_loss_only"),
        "dW_turned": (time_dW_turned, "transposed"),
        "without_bias": (time_without_bias, "wrong_count"),
        "mean_over_steps": (time_averaged_over_steps, "averaged_steps"),
        "ten_steps_back": (time_truncated, None),
        "adds_d_next_twice": (with_loop(lambda n, d, d_z, U: 2 * d_z @ U.T), None),
        "slope_without_square": (with_loop(sent_back, slope=lambda h_t: 1 - h_t),
                                 "slope_without_square"),
        "d_h_at_the_end": (lambda *given: (given[0][:, 0], *through_time(*given)[1:]),
                           "loss_for_h_0"),
    },
    "clip_gradients": {
        "each_on_its_own": (clip_each, "per_tensor"),
        "entries": (clip_entries, "by_value"),
        "lengthens_too": (clip_always, "always_scales"),
        "forgets_the_root": (clip_squared, "squared_norm"),
        "adds_norms": (clip_sum_of_norms, "summed_norms"),
        "upside_down": (clip_upside_down, "upside_down"),
        "zero_over_zero": (clip_divides_by_zero, "zero_norm"),
        "numpy_zero": (clip_trusts_numpy_with_zero, "zero_norm"),
        "python_zero": (clip_python_number, "zero_norm"),
        "in_place": (clip_in_place, "mutates_input"),
        "one_long_array": (clip_one_long_array, "wrong_count"),
        "sum_of_sizes": (clip_by_factor(
            lambda g, m: m / max(np.abs(all_entries(g)).sum(), 1e-9)), "absolute_norm"),
        "root_of_the_mean": (clip_by_factor(
            lambda g, m: m / max(np.sqrt(np.mean(all_entries(g) ** 2)), 1e-9)), "mean_square"),
        "largest_entry": (clip_by_factor(
            lambda g, m: m / max(np.abs(all_entries(g)).max(), 1e-9)), "largest_entry"),
        "longest_array": (clip_by_factor(
            lambda g, m: m / max(*map(np.linalg.norm, [*g, 1e-9]))), None),
        "number_of_arrays": (clip_by_factor(
            lambda g, m: m / (max(norm_of_all(g), 1e-9) / len(g))), None),
        "to_norm_one": (clip_to_one, "unit_norm"),
        "shorter_ones_only": (clip_the_wrong_way, "unchanged"),
        "unchanged": (lambda gradients, max_norm: gradients, "unchanged"),
        "above_one_only": (clip_unless_above_one, "unchanged"),
        "first_only": (clip_only_the_first, None),
        "three_arrays": (clip_three, None),
        "nothing_of_nothing": (clip_nothing_of_nothing, "wrong_count"),
    },
}
