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


def both_by_prefixes(x, run_forward, run_backward):
    """Run both readers anew for each step, on what each has read by then."""
    rows = [np.hstack([run_forward(x[:, :t + 1])[:, -1], run_backward(x[:, t:][:, ::-1])[:, -1]])
            for t in range(x.shape[1])]
    return np.stack(rows, axis=1)


def both_item_by_item(x, run_forward, run_backward):
    pairs = [(run_forward(s[None])[0], run_backward(s[None, ::-1])[0, ::-1]) for s in x]
    return np.array([np.concatenate(pair, axis=1) for pair in pairs], dtype="float32")


def both_with(turn_in=lambda x: x[:, ::-1], back=lambda h: h[:, ::-1], first=lambda f, g: f,
              second=lambda f, g: g, join=lambda f, g: np.concatenate([f, g], axis=-1)):
    def answer(x, run_forward, run_backward):
        left, right = first(run_forward, run_backward), second(run_forward, run_backward)
        return join(left(x), back(right(turn_in(x))))
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


def causal_one_call(model, x):
    """All changed inputs, side by side in one batch."""
    size, time = len(x), x.shape[1]
    changed = np.concatenate([x] * (time - 1))
    for t in range(1, time):
        changed[(t - 1) * size:t * size, t] += 1
    outputs, base = model(changed), model(x)
    return all(np.allclose(outputs[(t - 1) * size:t * size, :t], base[:, :t])
               for t in range(1, time))


def causal_table(model, x):
    """Which output moves with which input, as a table; True is a NumPy value here."""
    base, time = model(x), x.shape[1]
    moves = np.zeros((time, time), bool)
    for t in range(time):
        other = x.copy()
        other[:, t] -= 5
        moves[t] = (np.abs(model(other) - base) > 1e-6).any(axis=(0, 2))
    return np.array(not np.tril(moves, -1).any())


def causal_sequence_by_sequence(model, x):
    for k in range(len(x)):
        one = x[k:k + 1]
        for t in range(1, one.shape[1]):
            other = one.copy()
            other[0, t] += 100
            if not np.allclose(model(other)[:, :t], model(one)[:, :t], atol=1e-4):
                return np.False_
    return np.True_


def causal_entry_by_entry(model, x):
    base = model(x)
    for k, t, f in np.ndindex(x.shape):
        other = x.copy()
        other[k, t, f] += 0.1
        if np.abs(model(other) - base)[:, :t].sum() > 1e-6:
            return False
    return True


def every_step(time):
    return range(1, time)


def add_one(changed, t):
    changed[:, t] += 1


def same_before(moved, base, t):
    return np.allclose(moved[:, :t], base[:, :t])


def causal_with(steps=every_step, change=add_one, same=same_before, wanted=True):
    def test(model, x):
        base = model(x)
        for t in steps(x.shape[1]):
            changed = x.copy()
            change(changed, t)
            if not same(model(changed), base, t):
                return not wanted
        return wanted
    return test


def add_to(*places, size=1.0):
    """Return a change of these places only, given as index of (batch, features)."""
    def change(changed, t):
        for batch, features in places:
            changed[batch, t, features] += size
    return change


def set_to(value):
    """Return a change that sets the step to what `value` makes of it."""
    def change(changed, t):
        changed[:, t] = value(changed, t)
    return change


def comparing(view):
    """Return a comparison of what `view` takes from the outputs."""
    return lambda moved, base, t: np.allclose(view(moved, t), view(base, t))


ALL = slice(None)
CAUSAL_STEPS = {
    "step_1": lambda time: [1], "step_0": lambda time: [0], "last_step": lambda time: [-1],
    "middle": lambda time: [time // 2], "steps_1_and_2": lambda time: range(1, min(time, 3)),
    "last_two": lambda time: range(max(1, time - 2), time),
    "not_the_last": lambda time: range(1, time - 1), "from_2": lambda time: range(2, time),
    "every_other": lambda time: range(1, time, 2),
    "first_ten": lambda time: range(1, min(time, 10)),
    "first_twenty": lambda time: range(1, min(time, 20)),
}
CAUSAL_CHANGES = {
    "feature_0_only": (add_to((ALL, 0)), "one_feature"),
    "last_feature_only": (add_to((ALL, -1)), "one_feature"),
    "first_two_features": (add_to((ALL, slice(0, 2))), "one_feature"),
    "sequence_0_changed": (add_to((0, ALL)), "one_item"),
    "last_sequence_changed": (add_to((-1, ALL)), "one_item"),
    "billionth": (add_to((ALL, ALL), size=1e-9), "tiny_change"),
    "ten_thousandth": (add_to((ALL, ALL), size=1e-4), "tiny_change"),
    "doubles": (set_to(lambda x, t: 2 * x[:, t]), "kept_value"),
    "turns_sign": (set_to(lambda x, t: -x[:, t]), "kept_value"),
    "sets_to_0": (set_to(lambda x, t: 0), "kept_value"),
    "sets_to_1": (set_to(lambda x, t: 1), "kept_value"),
    "step_before_again": (set_to(lambda x, t: x[:, t - 1]), "kept_value"),
    "nothing": (lambda changed, t: None, "no_change"),
}
CAUSAL_COMPARISONS = {
    "counts_the_changed_step": (comparing(lambda y, t: y[:, :t + 1]), "changed_step_counted"),
    "counts_all": (comparing(lambda y, t: y), "changed_step_counted"),
    "counts_the_rest": (comparing(lambda y, t: y[:, t:]), "changed_step_counted"),
    "output_0_only": (comparing(lambda y, t: y[:, :1]), "first_output"),
    "neighbour_only": (comparing(lambda y, t: y[:, t - 1:t]), "neighbour_only"),
    "one_short": (comparing(lambda y, t: y[:, :t - 1]), "one_step_ahead"),
    "not_the_first": (comparing(lambda y, t: y[:, 1:t]), "outputs_missed"),
    "first_and_neighbour": (comparing(lambda y, t: y[:, [0, t - 1]]), "outputs_missed"),
    "one_equal_is_enough": (lambda a, b, t: np.isclose(a, b)[:, :t].any(), "outputs_missed"),
    "column_0": (comparing(lambda y, t: y[:, :t, 0]), "one_unit"),
    "last_column": (comparing(lambda y, t: y[:, :t, -1]), "one_unit"),
    "sequence_0_compared": (comparing(lambda y, t: y[0, :t]), "one_item"),
    "last_sequence_compared": (comparing(lambda y, t: y[-1, :t]), "one_item"),
    "total": (comparing(lambda y, t: y[:, :t].sum()), "cancels"),
    "mean_over_time": (comparing(lambda y, t: y[:, :t].mean(axis=1)), "cancels"),
    "mean_over_columns": (comparing(lambda y, t: y[:, :t].mean(axis=2)), "cancels"),
    "mean_over_batch": (comparing(lambda y, t: y[:, :t].mean(axis=0)), "cancels"),
    "no_abs": (lambda a, b, t: (a - b)[:, :t].max() < 1e-6, "downwards"),
    "equal": (lambda a, b, t: np.array_equal(a[:, :t], b[:, :t]), "exact"),
    "loose": (lambda a, b, t: np.allclose(a[:, :t], b[:, :t], atol=0.1), "too_loose"),
    "tenth": (lambda a, b, t: np.allclose(a[:, :t], b[:, :t], rtol=0.1), "too_loose"),
    "very_loose": (lambda a, b, t: np.allclose(a[:, :t], b[:, :t], atol=1), "too_loose"),
    "later_must_move": (lambda a, b, t: same_before(a, b, t)
                        and not np.allclose(a[:, t:], b[:, t:]), "must_move"),
}


def causal_piling_up(model, x):
    base, changed = model(x), x.copy()
    for t in range(1, x.shape[1]):
        changed[:, t] += 1
        if not np.allclose(model(changed)[:, :t], base[:, :t]):
            return False
    return True


def causal_first_round(model, x):
    """The `return` stands inside the loop."""
    for t in range(1, x.shape[1]):
        changed = x.copy()
        changed[:, t] += 1
        return np.allclose(model(changed)[:, :t], model(x)[:, :t])


def causal_last_round(model, x):
    """Each round overwrites the verdict."""
    verdict = True
    for t in range(1, x.shape[1]):
        changed = x.copy()
        changed[:, t] += 1
        verdict = np.allclose(model(changed)[:, :t], model(x)[:, :t])
    return verdict


def causal_other_axis(model, x):
    base = model(x)
    for t in range(1, len(x)):
        changed = x.copy()
        changed[t] += 1
        if not np.allclose(model(changed)[:t], base[:t]):
            return False
    return True


def causal_longer(model, x):
    longer = np.concatenate([x, x[:, :1]], axis=1)
    return np.allclose(model(longer)[:, :-1], model(x))


def causal_one_prefix(model, x):
    n = x.shape[1] // 2
    return np.allclose(model(x[:, :n]), model(x)[:, :n])


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


def stack_recursive(d, f, u, both=False):
    k = 2 if both else 1
    one = 4 * k * u * (f + u + 1)
    return one if d == 1 else one + stack_recursive(d - 1, k * u, u, both)


def stack_arrays(depth, features, units, bidirectional=False):
    """Make the arrays and count their entries, as a NumPy integer."""
    total, width = np.int64(0), features
    for _ in range(depth):
        kernels = np.empty((1 + bidirectional, width + units + 1, 4 * units))
        total, width = total + kernels.size, (1 + bidirectional) * units
    return total


def stack_with(blocks=4, bias=1, state=1, wide=True, double=True, follow=True,
               layers=lambda depth: depth):
    def count(depth, features, units, bidirectional=False):
        total, k = 0, 2 if bidirectional and double else 1
        for _ in range(layers(depth)):
            total += k * blocks * units * (features + state * units + bias)
            if follow:
                features = units * (2 if bidirectional and wide else 1)
        return total
    return count


# --- project ----------------------------------------------------------------------------------


def centred(states):
    return states - states.mean(axis=0)


def rows(data):
    return np.linalg.svd(data, full_matrices=False)[2]


def project_eigh(states, dimensions=2):
    data = states - np.mean(states, axis=0, keepdims=True)
    _, vectors = np.linalg.eigh(data.T @ data)
    return data @ vectors[:, ::-1][:, :dimensions]


def project_us(states, dimensions=2):
    u, s, _ = np.linalg.svd(states - states.mean(0), full_matrices=False)
    return u[:, :dimensions] * s[:dimensions]


def project_eig_sorted(states, dimensions=2):
    values, vectors = np.linalg.eig(np.atleast_2d(np.cov(states.T)))
    best = np.argsort(-values.real)[:dimensions]
    return (centred(states) @ vectors[:, best]).real


def project_float32(states, dimensions=2):
    data = centred(states).astype("float32")
    return np.einsum("nu,du->nd", data, np.linalg.svd(data)[2][:dimensions])


def project_gram(states, dimensions=2):
    """From the products of the samples; each column begins with a positive number."""
    data = centred(states)
    values, vectors = np.linalg.eigh(data @ data.T)
    plane = vectors[:, ::-1][:, :dimensions] * np.sqrt(values[::-1][:dimensions])
    return plane * np.sign(plane[0])


def project_with(centre=centred, pick=lambda d: slice(0, d), then=lambda plane, d: plane):
    def answer(states, dimensions=2):
        data = centre(states)
        return then(data @ rows(data)[pick(dimensions)].T, dimensions)
    return answer


def project_eigenvectors(pick, solve=np.linalg.eigh):
    def answer(states, dimensions=2):
        vectors = solve(np.atleast_2d(np.cov(states.T)))[1].real
        return centred(states) @ vectors[:, pick(dimensions)]
    return answer


def project_by_columns(states, dimensions=2):
    return centred(states) @ rows(centred(states))[:, :dimensions]


def project_back(states, dimensions=2):
    directions = rows(centred(states))[:dimensions]
    return centred(states) @ directions.T @ directions


RIGHT = {
    "bidirectional": {
        "flip": both_flip, "filled": both_filled, "by_prefixes": both_by_prefixes,
        "item_by_item": both_item_by_item,
        "dstack": both_with(join=lambda f, g: np.dstack([f, g])),
    },
    "is_causal": {
        "each_step": causal_each_step, "by_nan": causal_by_nan, "by_prefix": causal_by_prefix,
        "one_call": causal_one_call, "table": causal_table,
        "sequence_by_sequence": causal_sequence_by_sequence,
        "entry_by_entry": causal_entry_by_entry,
        "thousandth": causal_with(change=add_to((ALL, ALL), size=1e-3)),
        "somewhat_loose": causal_with(same=lambda a, b, t: np.abs(a - b)[:, :t].max() < 1e-3),
    },
    "stack_parameters": {"sum": stack_sum, "widths": stack_widths, "recursive": stack_recursive,
                         "arrays": stack_arrays},
    "project": {"eigh": project_eigh, "from_u_and_s": project_us, "sorted": project_eig_sorted,
                "float32": project_float32, "gram": project_gram},
}

WRONG = {
    "bidirectional": {
        "not_turned_in": (both_with(turn_in=lambda x: x, back=lambda h: h), "not_turned_in"),
        "not_turned_back": (both_with(back=lambda h: h), "not_turned_back"),
        "output_turned_only": (both_with(turn_in=lambda x: x), "output_turned_only"),
        "joined_then_turned": (lambda x, f, g: np.concatenate(
            [f(x), g(x[:, ::-1])], axis=-1)[:, ::-1], "all_turned"),
        "backward_first": (both_with(join=lambda f, g: np.concatenate([g, f], axis=-1)),
                           "backward_first"),
        "functions_swapped": (both_with(first=lambda f, g: g, second=lambda f, g: f),
                              "functions_swapped"),
        "forward_twice": (both_with(second=lambda f, g: f), "same_reader"),
        "backward_twice": (both_with(first=lambda f, g: g), "same_reader"),
        "batch_there_and_back": (both_with(lambda x: x[::-1], lambda h: h[::-1]),
                                 "not_turned_in"),
        "batch_turned_in": (both_with(lambda x: x[::-1]), "batch_turned"),
        "batch_turned_back": (both_with(back=lambda h: h[::-1]), "batch_turned"),
        "features": (both_with(lambda x: x[..., ::-1], lambda h: h[..., ::-1]),
                     "features_turned"),
        "everything_flipped": (both_with(np.flip, np.flip), None),
        "summed": (both_with(join=lambda f, g: f + g), "merged"),
        "averaged": (both_with(join=lambda f, g: (f + g) / 2), "merged"),
        "interleaved": (both_with(join=lambda f, g: np.stack([f, g], axis=-1).reshape(
            *f.shape[:2], -1)), "interleaved"),
        "stacked": (both_with(join=lambda f, g: np.stack([f, g], axis=-1)), "stacked"),
        "in_time": (both_with(join=lambda f, g: np.hstack([f, g])), "joined_in_time"),
        "in_batch": (both_with(join=lambda f, g: np.concatenate([f, g])), "joined_in_batch"),
        "forward_only": (lambda x, f, g: f(x), "one_half"),
        "backward_only": (both_with(join=lambda f, g: g), "one_half"),
        "last_step": (both_with(back=lambda h: h, join=lambda f, g: np.concatenate(
            [f[:, -1], g[:, -1]], axis=-1)), "last_only"),
        "five_units": (both_with(join=lambda f, g: np.concatenate(
            [f[..., :5], g[..., :5]], axis=-1)), None),
        "six_steps": (both_with(turn_in=lambda x: x[:, 5::-1]), None),
        "shifted": (both_with(back=lambda h: np.roll(h[:, ::-1], 1, axis=1)), None),
        "tuple": (both_with(join=lambda f, g: (f, g)), "not_an_array"),
    },
    "is_causal": {
        **{name: (causal_with(steps), "one_change") for name, steps in CAUSAL_STEPS.items()},
        **{name: (causal_with(change=change), mistake)
           for name, (change, mistake) in CAUSAL_CHANGES.items()},
        **{name: (causal_with(same=same), mistake)
           for name, (same, mistake) in CAUSAL_COMPARISONS.items()},
        "always": (lambda model, x: True, "always_true"),
        "never": (lambda model, x: False, "always_false"),
        "inverted": (causal_with(wanted=False), "inverted"),
        "inputs_for_outputs": (lambda model, x: np.array_equal(model(x), x), "always_false"),
        "piling_up": (causal_piling_up, "piles_up"),
        "first_round": (causal_first_round, "one_change"),
        "last_round": (causal_last_round, "outputs_missed"),
        "other_axis": (causal_other_axis, "batch_changed"),
        "longer": (causal_longer, "one_change"),
        "one_prefix": (causal_one_prefix, "one_change"),
        "first_sequence": (lambda model, x: causal_with()(model, x[:1]), "one_item"),
        "first_output_late": (causal_with(lambda time: range(3, time), same=comparing(
            lambda y, t: y[:, :1])), "one_change"),
        "fixed_steps": (causal_with(lambda time: [3, 4, 5]), None),
        "one_sequence_flat": (lambda model, x: causal_with()(model, x[0]), None),
        "turned": (lambda model, x: np.allclose(model(x[:, ::-1])[:, ::-1], model(x)), None),
        "text": (lambda model, x: "yes", "not_bool"),
        "zero_or_one": (lambda model, x: int(causal_with()(model, x)), "not_bool"),
        "no_return": (lambda model, x: None, "returns_none"),
    },
    "stack_parameters": {
        "same_input": (stack_with(follow=False), "same_input"),
        "first_only": (stack_with(layers=lambda depth: 1), "first_only"),
        "one_more": (stack_with(layers=lambda depth: depth + 1), "one_layer_more"),
        "one_less": (stack_with(layers=lambda depth: depth - 1), "one_layer_less"),
        "two_layers": (stack_with(layers=lambda depth: min(depth, 2)), None),
        "two_at_least": (stack_with(layers=lambda depth: max(depth, 2)), "one_layer_more"),
        "not_doubled": (stack_with(wide=False), "not_doubled"),
        "one_direction": (stack_with(double=False), "one_direction"),
        "direction_ignored": (lambda d, m, n, both=False: stack_sum(d, m, n),
                              "direction_ignored"),
        "double_width": (lambda d, m, n, both=False: stack_sum(d, m, n * (1 + both)),
                         "double_width"),
        "all_doubled": (lambda d, m, n, both=False: stack_sum(d, m * (1 + both), n, both),
                        "all_doubled"),
        "no_bias": (stack_with(bias=0), "no_bias"),
        "no_recurrent": (stack_with(state=0), "no_recurrent"),
        "one_block": (stack_with(blocks=1), "one_block"),
        "three_blocks": (stack_with(blocks=3), "three_blocks"),
        "two_biases": (stack_with(bias=2), "two_biases"),
        "gru_layers": (stack_with(blocks=3, bias=2), "gru"),
        "float": (lambda *sizes: stack_sum(*sizes) / 1, "not_integers"),
        "one_off": (lambda *sizes: stack_sum(*sizes) + 1, None),
        "features_for_units": (lambda d, m, n, both=False: stack_sum(d, n, m, both), None),
        "tuple": (lambda *sizes: (stack_sum(*sizes),), "not_a_number"),
    },
    "project": {
        "not_centred": (project_with(centre=lambda s: s), "not_centred"),
        "mean_left_in": (lambda s, d=2: s @ rows(centred(s))[:d].T, "mean_left_in"),
        "one_mean": (project_with(centre=lambda s: s - s.mean()), "one_mean"),
        "smallest": (project_with(pick=lambda d: slice(-d, None)), "smallest"),
        "eigh_as_it_comes": (project_eigenvectors(lambda d: slice(0, d)), "smallest"),
        "eigh_last": (project_eigenvectors(lambda d: slice(-d, None)), "order"),
        "eig_as_it_comes": (project_eigenvectors(lambda d: slice(0, d), np.linalg.eig),
                            "unsorted"),
        "two_units": (lambda s, d=2: centred(s)[:, :d], "first_units"),
        "widest_units": (lambda s, d=2: centred(s)[:, np.argsort(-s.var(axis=0))[:d]],
                         "first_units"),
        "unit_variance": (lambda s, d=2: np.linalg.svd(centred(s), False)[0][:, :d], "scaled"),
        "divided": (project_with(then=lambda p, d: p / p.std(axis=0)), "scaled"),
        "abs": (project_with(then=lambda p, d: np.abs(p)), "signs_lost"),
        "some_rows_turned": (project_with(
            then=lambda p, d: p * np.where(np.arange(len(p)) % 2, 1, -1)[:, None]), None),
        "sorted": (project_with(then=lambda p, d: np.sort(p, axis=0)), None),
        "rounded": (project_with(then=lambda p, d: p.round(1)), None),
        "first_repeated": (project_with(then=lambda p, d: np.repeat(p[:, :1], d, axis=1)), None),
        "standardised": (project_with(centre=lambda s: centred(s) / s.std(0)), "standardised"),
        "median": (project_with(centre=lambda s: s - np.median(s, axis=0)), None),
        "columns": (project_by_columns, "columns"),
        "always_two": (lambda s, d=2: project_us(s, 2), "dimensions_ignored"),
        "all_directions": (lambda s, d=2: project_us(s, s.shape[1]), "dimensions_ignored"),
        "back_again": (project_back, "rebuilt"),
        "directions": (lambda s, d=2: rows(centred(s))[:d], "directions_only"),
        "turned_order": (lambda s, d=2: project_us(s, d)[:, ::-1], "order"),
        "transposed": (lambda s, d=2: project_us(s, d).T, "transposed"),
        "each_state": (project_with(centre=lambda s: s - s.mean(axis=1, keepdims=True)),
                       "over_units"),
    },
}
