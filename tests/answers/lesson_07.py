"""Answers to lesson 07 as learners write them."""

import numpy as np

# --- bidirectional ----------------------------------------------------------------------------


def both_flip(x, run_forward, run_backward):
    left = run_forward(x)
    right = np.flip(run_backward(np.flip(x, axis=1)), axis=1)
    return np.concatenate((left, right), axis=2)


def both_filled(x, run_forward, run_backward):
    left, right = run_forward(x), run_backward(x[:, ::-1, :])
    n, steps = left.shape[-1], x.shape[1]
    out = np.empty((len(x), steps, 2 * n))
    for t in range(steps):
        out[:, t, :n], out[:, t, n:] = left[:, t], right[:, steps - 1 - t]
    return out


def both_with(turn_in=lambda x: x[:, ::-1], back=lambda h: h[:, ::-1], second=True, axis=-1,
              swap=False):
    def answer(x, run_forward, run_backward):
        f = run_forward(x)
        g = back((run_backward if second else run_forward)(turn_in(x)))
        return np.concatenate([g, f] if swap else [f, g], axis=axis)
    return answer


# --- is_causal --------------------------------------------------------------------------------


def causal_each_step(model, x):
    base = model(x)
    for t in range(x.shape[1] - 1):
        other = x.copy()
        other[:, t + 1:] = np.random.default_rng(0).normal(size=other[:, t + 1:].shape)
        if np.abs(model(other)[:, t] - base[:, t]).max() > 1e-8:
            return False
    return True


def causal_by_nan(model, x):
    """What later inputs touch becomes NaN."""
    for t in range(1, x.shape[1]):
        spoilt = x.copy()
        spoilt[:, t:] = np.nan
        if np.isnan(np.asarray(model(spoilt))[:, :t]).any():
            return False
    return True


def causal_by_prefix(model, x):
    """A causal model says the same if the sequence ends early."""
    whole = model(x)
    return all(np.allclose(model(x[:, :t]), whole[:, :t]) for t in range(1, x.shape[1]))


def causal_with(steps=None, compared=lambda t: slice(0, t), wanted=True, features=slice(None),
                size=1.0):
    def test(model, x):
        base = model(x)
        for t in steps or range(1, x.shape[1]):
            other = x.copy()
            other[:, t, features] += size
            if not np.allclose(model(other)[:, compared(t)], base[:, compared(t)]):
                return not wanted
        return wanted
    return test


def causal_never_fed(model, x):
    """The changed input is made, and the model gets the old one."""
    for t in range(1, x.shape[1]):
        changed = x.copy()
        changed[:, t] += 1
        if not np.allclose(model(x)[:, :t], model(x.copy())[:, :t]):
            return False
    return True


# --- stack_parameters -------------------------------------------------------------------------


def stack_sum(depth, features, units, bidirectional=False):
    k = 1 + bidirectional
    first = 4 * (features * units + units * units + units)
    later = 4 * (k * units * units + units * units + units)
    return k * (first + (depth - 1) * later)


def stack_widths(depth, features, units, bidirectional=False):
    k = 2 if bidirectional else 1
    widths = [features] + [k * units] * (depth - 1)
    return sum(k * 4 * units * (width + units + 1) for width in widths)


def stack_with(blocks=4, bias=1, wide=True, double=True, follow=True, depth_counts=True):
    def count(depth, features, units, bidirectional=False):
        total, k = 0, 2 if bidirectional and double else 1
        for _ in range(depth if depth_counts else 1):
            total += k * blocks * units * (features + units + bias)
            if follow:
                features = units * (2 if bidirectional and wide else 1)
        return total
    return count


# --- project ----------------------------------------------------------------------------------


def project_eigh(states, dimensions=2):
    centred = states - np.mean(states, axis=0, keepdims=True)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return centred @ vectors[:, ::-1][:, :dimensions]


def project_us(states, dimensions=2):
    u, s, _ = np.linalg.svd(states - states.mean(0), full_matrices=False)
    return u[:, :dimensions] * s[:dimensions]


def project_by_columns(states, dimensions=2):
    centred = states - states.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    return centred @ directions[:, :dimensions]


def project_with(centre=lambda s: s - s.mean(axis=0), pick=lambda d: slice(0, d), scale=False):
    def answer(states, dimensions=2):
        data = centre(states)
        u, _, v = np.linalg.svd(data, full_matrices=False)
        chosen = data @ v[pick(dimensions)].T
        return u[:, :dimensions] if scale else chosen
    return answer


RIGHT = {
    "bidirectional": {"flip": both_flip, "filled": both_filled},
    "is_causal": {"each_step": causal_each_step, "by_nan": causal_by_nan,
                  "by_prefix": causal_by_prefix},
    "stack_parameters": {"sum": stack_sum, "widths": stack_widths},
    "project": {"eigh": project_eigh, "from_u_and_s": project_us},
}

WRONG = {
    "bidirectional": {
        "not_turned_in": (both_with(turn_in=lambda x: x, back=lambda h: h), "not_turned_in"),
        "not_turned_back": (both_with(back=lambda h: h), "not_turned_back"),
        "output_turned_only": (both_with(turn_in=lambda x: x), "output_turned_only"),
        "joined_then_turned": (lambda x, f, g: np.concatenate(
            [f(x), g(x[:, ::-1])], axis=-1)[:, ::-1], "all_turned"),
        "backward_first": (both_with(swap=True), "backward_first"),
        "same_reader": (both_with(second=False), "same_reader"),
        "batch": (both_with(lambda x: x[::-1], lambda h: h[::-1]), "not_turned_in"),
        "features": (both_with(lambda x: x[..., ::-1], lambda h: h[..., ::-1]),
                     "features_turned"),
        "summed": (lambda x, f, g: f(x) + g(x[:, ::-1])[:, ::-1], "summed"),
        "in_time": (both_with(axis=1), "joined_in_time"),
    },
    "is_causal": {
        "last_step_only": (causal_with(steps=[-1]), "one_change"),
        "counts_the_changed_step": (causal_with(compared=lambda t: slice(0, t + 1)),
                                    "changed_step_counted"),
        "always": (lambda model, x: True, "always_true"),
        "never_fed": (causal_never_fed, "no_change"),
        "billionth": (causal_with(size=1e-9), "tiny_change"),
        "output_0_only": (causal_with(compared=lambda t: slice(0, 1)), "first_output"),
        "neighbour_only": (causal_with(compared=lambda t: slice(t - 1, t)), "neighbour_only"),
        "feature_0_only": (causal_with(features=0), "one_feature"),
        "last_feature_only": (causal_with(features=-1), "one_feature"),
        "inverted": (causal_with(wanted=False), "inverted"),
        "first_output_late": (causal_with(steps=[3, 4, 5], compared=lambda t: slice(0, 1)),
                              "one_step_ahead"),
        "text": (lambda model, x: "yes", "not_bool"),
    },
    "stack_parameters": {
        "same_input": (stack_with(follow=False), "same_input"),
        "first_only": (stack_with(depth_counts=False), "first_only"),
        "not_doubled": (stack_with(wide=False), "not_doubled"),
        "one_direction": (stack_with(double=False), "one_direction"),
        "no_bias": (stack_with(bias=0), "no_bias"),
        "one_block": (stack_with(blocks=1), "one_block"),
        "three_blocks": (stack_with(blocks=3), "three_blocks"),
        "two_biases": (stack_with(bias=2), "two_biases"),
        "gru_layers": (stack_with(blocks=3, bias=2), "gru"),
    },
    "project": {
        "not_centred": (project_with(centre=lambda s: s), "not_centred"),
        "smallest": (project_with(pick=lambda d: slice(-d, None)), "smallest"),
        "two_units": (lambda s, d=2: (s - s.mean(0))[:, :d], "first_units"),
        "unit_variance": (project_with(scale=True), "unit_variance"),
        "standardised": (project_with(centre=lambda s: (s - s.mean(0)) / s.std(0)),
                         "standardised"),
        "columns": (project_by_columns, "columns"),
        "always_two": (lambda s, d=2: project_us(s, 2), "dimensions_ignored"),
        "turned_order": (lambda s, d=2: project_us(s, d)[:, ::-1], "order"),
        "each_state": (project_with(centre=lambda s: s - s.mean(axis=1, keepdims=True)),
                       "over_units"),
    },
}
