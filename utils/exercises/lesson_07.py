"""Checks of lesson 07: two readers, causality, parameters of stacks, a projection."""

import collections
import itertools

import numpy as np

# Bound now: a notebook that replaces np.allclose does not change what is right.
from numpy import allclose

from ..by_hand import gru_forward
from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number

LOOSE = {"rtol": 1e-4, "atol": 1e-5}


def _sequences(x):
    """Return `x` as an array, if it is what a model takes."""
    x = np.asarray(x, float)
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"a model takes (batch, time, features), got shape {x.shape}")
    return x


def _reader(rng, features, units):
    """Return a function that runs a random GRU from the first step to the last."""
    W, U = rng.normal(size=(features, 3 * units)), rng.normal(size=(units, 3 * units))
    b = rng.normal(size=(2, 3 * units))
    return lambda x: gru_forward(_sequences(x), np.zeros((len(x), units)), W, U, b)[0]


# --- two readers ------------------------------------------------------------------------------

bidirectional = Exercise("bidirectional", hints={
    "not_turned_in": ("Both of your readers read from the left.",
                      "Give the second one x[:, ::-1]."),
    "output_turned_only": ("Your second reader reads from the left; only its outputs are turned.",
                           "Turn twice: x[:, ::-1] goes in, and [:, ::-1] of what comes out."),
    "all_turned": ("You joined first and turned all of it: the first reader's half too.",
                   "Turn the second reader's outputs, then join."),
    "not_turned_back": ("The second reader's outputs come in its own order: last step first.",
                        "Turn them round again along time before you join."),
    "backward_first": ("The right halves, in the other order.", "Forward comes first."),
    "functions_swapped": ("run_backward reads from the left here, and run_forward from the right.",
                          "run_forward gets x, run_backward gets the sequence turned round."),
    "features_turned": ("You turned the features round, not the time.", "x[:, ::-1]."),
    "batch_turned": ("You turned the batch round somewhere: [::-1] alone turns the first axis.",
                     "Time is the second axis: [:, ::-1]."),
    "interleaved": ("The columns of the two readers take turns in your result.",
                    "All of the first, then all of the second: "
                    "np.concatenate([...], axis=-1)."),
    "merged": ("Side by side, not added or averaged: the result has 2 * units columns.",
               "np.concatenate([...], axis=-1)."),
    "joined_in_time": ("You joined along time: twice as many steps.", "axis=-1."),
    "joined_in_batch": ("You joined along the batch: twice as many sequences.", "axis=-1."),
    "stacked": ("np.stack makes a new axis for the two readers.",
                "np.concatenate([...], axis=-1) joins their columns."),
    "same_reader": ("One function is called for both halves, the other is never called.",
                    "run_forward reads x, run_backward the sequence that is turned round."),
    "one_half": ("Only one of the two readers is in your result.",
                 "Join both: np.concatenate([...], axis=-1)."),
    "last_only": ("Only one step is left: the result holds the outputs at every step.",
                  "Turn with [:, ::-1] and keep all steps."),
})

# (batch, time, features, units)
READERS = ((3, 6, 4, 5), (4, 9, 3, 2), (2, 3, 1, 1), (1, 2, 2, 13), (2, 1, 5, 4), (4, 4, 4, 4),
           (1, 25, 1, 2))


def _check_two_readers(rng, answer, batch, time, features, units):
    x = rng.normal(size=(batch, time, features))
    one, two = _reader(rng, features, units), _reader(rng, features, units)
    value = answer(x, one, two)
    f, turned = one(x), two(x[:, ::-1])
    g = turned[:, ::-1]
    shape, join = getattr(value, "shape", None), lambda *h: np.concatenate(h, axis=-1)
    for wrong, mistake in (((batch, 2 * time, units), "joined_in_time"),
                           ((2 * batch, time, units), "joined_in_batch")):
        expect(shape != wrong, f"Your result has shape {wrong}, expected (batch, time, "
               f"2 * units) = {(batch, time, 2 * units)}.", mistake)
    expect(time == 1 or shape not in ((batch, 2 * units), (batch, 1, 2 * units)),
           f"Your result has shape {shape}: one step only.", "last_only")
    expect_close(value, join(f, g), "the output", axes="(batch, time, 2 * units)", mistakes={
        "not_turned_in": join(f, two(x)), "not_turned_back": join(f, turned),
        "backward_first": join(g, f), "functions_swapped": join(two(x), one(x[:, ::-1])[:, ::-1]),
        "same_reader": (join(f, one(x[:, ::-1])[:, ::-1]), join(two(x), g)),
        "features_turned": (join(f, two(x[..., ::-1])[..., ::-1]),
                            join(f, two(x[..., ::-1]))),
        "batch_turned": (join(f, two(x[::-1])), join(f, two(x[::-1])[:, ::-1]),
                         join(f, turned[::-1]), join(f, two(x[::-1, ::-1])[:, ::-1])),
        "output_turned_only": join(f, two(x)[:, ::-1]), "all_turned": join(f, turned)[:, ::-1],
        "stacked": tuple(np.stack([f, g], axis=k) for k in range(4)),
        "interleaved": np.stack([f, g], axis=-1).reshape(batch, time, -1),
        "merged": (f + g, (f + g) / 2, f * g, f + turned, (f + turned) / 2),
        "one_half": (f, g, turned),
    }, **LOOSE)


@bidirectional.part("outputs")
def _(rng, answer):
    for shape in READERS:
        _check_two_readers(rng, answer, *shape)


# --- causality --------------------------------------------------------------------------------

is_causal = Exercise("is_causal", hints={
    "one_change": ("This model looks ahead to a step that your test never changes.",
                   "Try every step, from the second to the last."),
    "changed_step_counted": ("An output may change at the changed step, and after it.",
                             "Compare the outputs of the steps before the change only: [:, :t]."),
    "piles_up": ("Each of your rounds still has the changes of the rounds before.",
                 "Begin every round with changed = x.copy()."),
    "exact": ("Equal numbers may differ in their last digits: a computer rounds.",
              "Compare with np.allclose, not with ==."),
    "must_move": ("An output need not depend on anything: what matters is that no *later* input "
                  "counts.", "Only a change before step t makes a model look ahead."),
    "always_true": ("You call every model causal. Here even the first output needs the last step.",
                    "Change a later input and compare the earlier outputs."),
    "always_false": ("You call no model causal, not even one whose outputs never change.",
                     "Return True when no comparison has found a change."),
    "no_change": ("The model got the same input each time.",
                  "changed = x.copy(); changed[:, t] += 1; then model(changed)."),
    "kept_value": ("For this x your change changes nothing: a 0 doubled is 0, a 1 set to 1 is 1.",
                   "Add something to the values: changed[:, t] += 1."),
    "tiny_change": ("Your change is so small that no output moves beyond rounding.",
                    "Add 1, not a millionth, to the input."),
    "inverted": ("You return True for the models that do look ahead.",),
    "one_step_ahead": ("This one looks a single step ahead. Which outputs did you compare?",
                       "After a change at step t, all outputs up to t - 1 count: [:, :t]."),
    "neighbour_only": ("This one looks ahead by more than one step. Which outputs did you "
                       "compare?", "After a change at step t, all outputs before it count: "
                       "[:, :t]."),
    "first_output": ("The first output of this one is honest. Which others did you compare?",
                     "After a change at step t, all outputs before it count: [:, :t]."),
    "outputs_missed": ("Your test changes the step that this model looks at, and does not count "
                       "the output that moves.", "After a change at step t, one output of "
                       "[:, :t] that moves is enough to return False."),
    "one_feature": ("This one looks ahead in one feature. Which features did you change?",
                    "Change all features of the step: changed[:, t] += 1."),
    "one_unit": ("This one looks ahead in one column of its outputs. Which columns did you "
                 "compare?", "Compare all of them: [:, :t] keeps every column."),
    "one_item": ("Your test tries some sequences of the batch only.",
                 "Change and compare all of them: changed[:, t] and [:, :t]."),
    "downwards": ("In this one the output gets smaller. Does your test see that, too?",
                  "np.abs of the difference, or np.allclose."),
    "batch_changed": ("You change whole sequences: changed[t] is a sequence of the batch.",
                      "Time is the second axis: changed[:, t]."),
    "cancels": ("In this one two outputs move in opposite directions. Do you compare a sum or a "
                "mean?", "Compare entry by entry: np.allclose of the two arrays."),
    "too_loose": ("This one looks ahead only a little. How large a difference do you forgive?",
                  "np.allclose as it is forgives rounding, no more."),
    "not_bool": ("Return one value, True or False.",),
})

# (batch, time, features, outputs): two steps, one of each, and longer than any fixed list.
MODELS = ((3, 6, 4, 2), (1, 2, 1, 1), (2, 3, 2, 3), (1, 5, 3, 4), (2, 8, 1, 1))

# A model that looks ahead: what it is good for, in words, the model, and one output that looks
# at one later step. And a model that was missed, on which x, with the inputs that it was given.
Peeking = collections.namedtuple("Peeking", "kind text model s t")
Missed = collections.namedtuple("Missed", "peeking x given")


def _model(A, *extras):
    """Return a causal model, to whose outputs each of `extras` adds something."""
    def model(x):
        x = _sequences(x)
        outputs = np.tanh(np.cumsum(x, axis=1) @ A)
        for add in extras:
            add(x, outputs)
        return outputs
    return model


def _peek(s, t, unit=slice(None), feature=slice(None), size=1.0, item=lambda x: 1.0):
    """Return what adds the input at step t to the output at step s."""
    def add(x, outputs):
        if t < x.shape[1]:
            seen = (1 + x[:, t, feature]).sum(axis=-1, keepdims=True)
            outputs[:, s, unit] += size * item(x) * seen
    return add


def _ahead(k, **options):
    """Return what adds to each output the input k steps later."""
    def add(x, outputs):
        for s in range(x.shape[1] - k):
            _peek(s, s + k, **options)(x, outputs)
    return add


def _marked(x):
    """Return (batch, 1): 1 for each sequence that begins with a number above 5, else 0."""
    return (x[:, 0, :1] > 5).astype(float)


def _gated(x, outputs):
    """Weigh every output with what the later steps say: they count, but only as a mask."""
    outputs[:, :-1] = (2 + outputs[:, :-1]) * (2 + np.tanh(_later(x) / 10))


def _backwards(x, outputs):
    outputs[:, :-1] += _later(x)


def _later(x):
    """Return (batch, time - 1, 1): the sum of what comes after each step but the last."""
    return np.cumsum((1 + x[:, ::-1]).sum(axis=-1, keepdims=True), axis=1)[:, -2::-1]


def _shifted(x, outputs):
    outputs += 20


def _shrunk(x, outputs):
    outputs *= 0.01


def _from_other_sequence(x, outputs):
    outputs[:, :-1] += (1 + np.roll(x, 1, axis=0)[:, 1:]).sum(axis=-1, keepdims=True)


def _rounded_otherwise(x, outputs):
    """Change the last digits with the later steps, as another order of a sum would."""
    outputs[:, :-1] *= 1 + 4e-15 * np.nan_to_num(np.sin(_later(x)))


GRU, CONSTANT, ROUNDED = "a GRU", "its outputs never change", "a sum whose last digits vary"
BACKWARDS = "it reads backwards"


def _honest_models(rng, features, outputs):
    """Return {name: model that does not look ahead}."""
    A = rng.normal(size=(features, outputs))

    def delayed(x):
        x = _sequences(x)
        return np.concatenate([np.zeros_like(x[:, :1]), x[:, :-1]], axis=1) @ A

    def first(x):
        x = _sequences(x)
        return np.repeat(x[:, :1] @ A, x.shape[1], axis=1)

    return {
        "it sums up what it has read": _model(A),
        GRU: _reader(rng, features, outputs),
        "each output reads its own step": lambda x: np.tanh(_sequences(x) @ A),
        "each output reads the step before": delayed,
        "all outputs read the first step": first,
        CONSTANT: lambda x: np.ones((*_sequences(x).shape[:2], outputs)),
        ROUNDED: _model(A, _rounded_otherwise),
    }


def _peeking_models(rng, time, features, outputs):
    """Return the models that look ahead, each in one place only."""
    A = rng.normal(size=(features, outputs))
    found = _pairs(A, [(s, t) for t in range(1, time) for s in range(t)])

    def declare(kind, text, *extras):
        found.append(Peeking(kind, text, _model(A, *extras), 0, time - 1))

    for k in range(1, min(time, 4)):
        declare("other", f"each output reads the input {k} later", _ahead(k))
    for f in range(features):
        declare("feature", f"each output reads feature {f} of the next step",
                _ahead(1, feature=slice(f, f + 1)))
    for u in range(outputs):
        declare("unit", f"output column {u} reads the next step",
                _ahead(1, unit=slice(u, u + 1)))
    declare("other", BACKWARDS, _backwards)
    declare("other", "the later steps are a mask", _gated)
    declare("batch", "each sequence reads the next step of another one", _from_other_sequence)
    declare("down", "the next step is taken from each output", _ahead(1, size=-1))
    declare("large", "large outputs, to which the next step is added", _shifted, _ahead(1))
    declare("weak", "a little of the next step is added", _shrunk, _ahead(1, size=0.003))
    if outputs > 1:
        declare("cancel", "the next step is added to one column and taken from another",
                _ahead(1, unit=slice(0, 1)), _ahead(1, unit=slice(1, 2), size=-1))
    if time > 2:
        declare("cancel", "the last step is added to one output and taken from another",
                _peek(0, time - 1), _peek(1, time - 1, size=-1))
    found.append(Peeking("down", "the sum of all steps is taken off", lambda x: _sequences(x)
                         - (1 + _sequences(x)).sum(axis=1, keepdims=True), 0, time - 1))
    return found


def _pairs(A, pairs):
    """Return, for each (s, t), a model whose output at step s reads the input at step t."""
    return [Peeking("pair", f"its output at step {s} reads the input at step {t}",
                    _model(A, _peek(s, t)), s, t) for s, t in pairs]


def _marked_models(rng, features, outputs):
    """Return models to which marked sequences are not like the others."""
    A = rng.normal(size=(features, outputs))
    only = _model(A, _ahead(1, item=_marked))
    against = _model(A, _ahead(1, item=lambda x: 1 - 2 * _marked(x)))
    return [Peeking("item", "one sequence of the batch reads the next step, the others do not",
                    only, 0, 1),
            Peeking("cancel", "the next step is added in some sequences and taken off in others",
                    against, 0, 1)]


def _tries(rng):
    """Yield (x, models that look ahead): every shape, then inputs of a kind of their own."""
    for batch, time, features, outputs in MODELS:
        yield rng.normal(size=(batch, time, features)), \
            _peeking_models(rng, time, features, outputs)
    for items in ([0], [1], [-1], [0, 2]):
        x = rng.normal(size=(4, 3, 2))
        x[:, 0] = 0
        x[items, 0] = 9
        yield x, _marked_models(rng, 2, 3)
    for same in (0.0, 1.0):
        yield np.full((2, 3, 3), same), _peeking_models(rng, 3, 3, 2)
    yield rng.normal(size=(2, 40, 2)), _pairs(
        rng.normal(size=(2, 2)), [(0, 39), (38, 39), (0, 20), (19, 20), (7, 31)])


def _watched(model, given):
    """Return `model`, which also writes down each input that it gets."""
    def watched(x):
        given.append(np.array(_sequences(x)))
        return model(x)
    return watched


def _verdict(test, model, x, text):
    """Return whether `test` calls `model` causal, and the inputs that the model got."""
    given = []
    value = test(_watched(model, given), x)
    expect(value is not None, "Nothing came back: return True or False.", "returns_none")
    value = value[()] if isinstance(value, np.ndarray) and value.shape == () else value
    expect(isinstance(value, (bool, np.bool_)), f"For a model ({text}) you return "
           f"{type(value).__name__}, not True or False.", "not_bool")
    return bool(value), given


@is_causal.part("models that do not look ahead")
def _(rng, test):
    blamed, fed = {}, []
    for batch, time, features, outputs in (*MODELS, (2, 40, 2, 2)):
        x = rng.normal(size=(batch, time, features))
        for text, model in _honest_models(rng, features, outputs).items():
            said, given = _verdict(test, model, x, text)
            fed.append((x, given))
            if not said:
                blamed.setdefault(text, model)
    if blamed:
        text = next(iter(blamed))
        expect(False, f"A causal model ({text}) is said to look ahead.",
               _why_blamed(rng, test, set(blamed), fed))


def _why_blamed(rng, test, blamed, fed):
    """Return the mistake of a test that says of the models `blamed` that they look ahead."""
    if len(blamed) == len(_honest_models(rng, 1, 1)):
        x, models = next(_tries(rng))
        says = [_verdict(test, each.model, x, each.text)[0] for each in models]
        return "inverted" if any(says) else "always_false"
    if CONSTANT in blamed:
        return "must_move"
    if blamed <= {ROUNDED, GRU}:
        return "exact"
    if any(_piles_up(x, given) for x, given in fed):
        return "piles_up"
    local = any(each.shape == x.shape and (each[:, 0] == x[:, 0]).all() and (each != x).any()
                for x, given in fed for each in given)
    return "changed_step_counted" if local else None


def _piles_up(x, given):
    """Whether later inputs still have the changes of earlier ones."""
    changed = [frozenset(np.flatnonzero((each != x).any(axis=(0, 2))))
               for each in given if each.shape == x.shape]
    changed = [steps for steps in changed if steps]
    return any(a < b and max(b) > max(a) for a, b in itertools.pairwise(changed))


@is_causal.part("models that do")
def _(rng, test):
    missed, count = [], 0
    for x, models in _tries(rng):
        for each in models:
            said, given = _verdict(test, each.model, x, each.text)
            count += 1
            if said:
                missed.append(Missed(each, x, given))
    if missed:
        mistake, text = _why_missed(missed, len(missed) == count)
        expect(False, f"A model that looks ahead ({text}) is said to be causal.", mistake)


MISSED_KINDS = {                        # kind of model: the mistake that misses it
    "weak": "too_loose", "unit": "one_unit", "item": "one_item", "batch": "one_item",
    "down": "downwards", "cancel": "cancels", "large": "too_loose",
    "feature": "outputs_missed", "other": "outputs_missed",
}


def _why_missed(missed, every):
    """Return (mistake, description of one model): why a test finds nothing in these models."""
    if every:
        shown = next(m for m in missed if m.peeking.text == BACKWARDS)
        return _nothing_moved(shown.x, shown.given), BACKWARDS
    missed = [m for m in missed if m.x is missed[0].x]
    for each in missed:
        mistake = _not_changed(*each)
        if mistake:
            return mistake, each.peeking.text
    if missed[0].peeking.kind == "pair":
        return _outputs_missed(missed), missed[0].peeking.text
    first = next(m for kind in MISSED_KINDS for m in missed if m.peeking.kind == kind)
    return MISSED_KINDS[first.peeking.kind], first.peeking.text


def _nothing_moved(x, given):
    """Return the mistake of a test that calls every model causal, from what it fed to one."""
    if len(given) < 2 or any(each.shape != x.shape for each in given):
        return "always_true"
    change = np.max([np.abs(each - given[0]) for each in given[1:]], axis=0)
    if not change.any():
        return "no_change"
    if change.max() < 1e-3:
        return "tiny_change"
    return "always_true" if change[:, 1:].any() else "one_change"


def _not_changed(peeking, x, given):
    """Return the mistake if the inputs `given` to a model leave out what it looks at."""
    if any(len(each) != len(x) for each in given):
        return "one_item" if peeking.kind in ("item", "batch") else None
    if any(each.shape[1] < x.shape[1] for each in given):       # cut off, not changed
        cut = any(peeking.s < each.shape[1] <= peeking.t for each in given)
        return None if cut or peeking.kind != "pair" else "one_change"
    changes = [np.abs(each - x) for each in given if each.shape == x.shape]
    changes = [each for each in changes if each.any()]
    if changes and all(each.any(axis=2).all(axis=1).any() for each in changes):
        return "batch_changed"
    change = np.max([*changes, np.zeros(x.shape)], axis=0)      # (batch, time, features)
    apart = any(each[:, peeking.t].any() and not each[:, :peeking.s + 1].any()
                for each in changes)
    if not change.any() or (peeking.kind == "pair" and not apart):
        return "kept_value" if len(given) > 1 and np.ptp(x) == 0 else "one_change"
    if not change.any(axis=(0, 1)).all():
        return "one_feature"
    if not change.any(axis=(1, 2)).all():
        return "one_item"
    return "tiny_change" if change.max() < 1e-3 else None


def _outputs_missed(missed):
    """Return the mistake of a test that looks at the wrong outputs, from the pairs it missed."""
    gone = {(m.peeking.s, m.peeking.t) for m in missed if m.peeking.kind == "pair"}
    time = missed[0].x.shape[1]
    every = {(s, t) for t in range(1, time) for s in range(t)}
    patterns = {
        "one_step_ahead": {(s, t) for s, t in every if s == t - 1},
        "neighbour_only": {(s, t) for s, t in every if s < t - 1},
        "first_output": {(s, t) for s, t in every if s > 0},
    }
    return next((name for name, pairs in patterns.items() if gone == pairs), "outputs_missed")


# --- parameters of a stack --------------------------------------------------------------------

stack_parameters = Exercise("stack_parameters", hints={
    "same_input": ("You count every layer as if it read the features.",
                   "From the second layer on, the input is the output of the layer below."),
    "first_only": ("All layers but the first are missing.", "Sum over depth layers."),
    "one_layer_more": ("That is one layer too many.", "The first layer is one of `depth`."),
    "one_layer_less": ("That is one layer too few.", "The first layer is one of `depth`."),
    "not_doubled": ("The layer above a bidirectional one reads both outputs side by side.",
                    "Its input has 2 * units columns."),
    "one_direction": ("A bidirectional layer is two layers.", "Count each layer twice."),
    "direction_ignored": ("You return the same for one direction and for both.",
                          "Look at `bidirectional`."),
    "double_width": ("A bidirectional layer is not one layer of 2 * units: its two halves do not "
                     "read each other's state.",
                     "Each direction has units x units recurrent weights per block; count it "
                     "twice."),
    "all_doubled": ("The first layer reads the features once, not side by side.",
                    "Only from the second layer on is the input 2 * units wide."),
    "no_bias": ("The biases are missing.", "features + units + 1, four blocks."),
    "no_recurrent": ("The weights from the state before are missing.",
                     "features + units + 1, four blocks."),
    "one_block": ("An LSTM has four blocks.",),
    "three_blocks": ("Three blocks are a GRU's.", "An LSTM has four: i, f, g, o."),
    "two_biases": ("Only a GRU of Keras has a second bias.", "features + units + 1."),
    "gru": ("That is a stack of GRU layers.", "An LSTM has four blocks with one bias each."),
})


OTHER_LAYERS = {                        # mistake: options of `_count`
    "no_bias": {"bias": 0}, "one_block": {"blocks": 1}, "three_blocks": {"blocks": 3},
    "two_biases": {"bias": 2}, "gru": {"blocks": 3, "bias": 2}, "no_recurrent": {"state": 0},
    "same_input": {"follow": False},
}


def _count(depth, m, n, both=False, *, blocks=4, bias=1, state=1, wide=True, double=True,
           follow=True):
    k, total = (2 if both and double else 1), 0
    for _ in range(depth):
        total += k * blocks * n * (m + state * n + bias)
        m = ((2 if both and wide else 1) * n) if follow else m
    return total


def _count_mistakes(depth, m, n, both):
    """Return {mistake: the count that it gives}."""
    mistakes = {
        "first_only": _count(1, m, n, both), "one_layer_more": _count(depth + 1, m, n, both),
        "one_layer_less": _count(depth - 1, m, n, both),
        **{name: _count(depth, m, n, both, **options) for name, options in OTHER_LAYERS.items()},
    }
    if not both:
        return mistakes
    return mistakes | {
        "not_doubled": _count(depth, m, n, True, wide=False),
        "one_direction": _count(depth, m, n, True, double=False),
        "direction_ignored": _count(depth, m, n), "double_width": _count(depth, m, 2 * n),
        "all_doubled": _count(depth, 2 * m, n, True),
    }


def _check_stacks(answer, sizes, both, *options):
    """Compare all counts, the first of `sizes` first: there every mistake has its own count."""
    counts = [answer(*size, *options) for size in sizes]
    for (depth, m, n), value in zip(sizes, counts, strict=True):
        layers = "layer" if depth == 1 else "layers"
        name = f"the count of {depth} {'bidirectional ' * both}{layers}, {m} features, {n} units,"
        expect_number(value, name, integers=True)
        expect_close(value, _count(depth, m, n, both), name, integers=True, rtol=0, atol=0.5,
                     mistakes=_count_mistakes(depth, m, n, both))


def _is_telling(depth, m, n, both):
    """Whether every mistake gives another count."""
    counts = [_count(depth, m, n, both), *_count_mistakes(depth, m, n, both).values()]
    return len(set(counts)) == len(counts)


def _sizes(rng):
    """Return (depth, features, units) of a common stack, then the edges."""
    common = (1, 1, 1)
    while not all(_is_telling(*common, both) for both in (False, True)):
        common = tuple(map(int, rng.integers((3, 3, 11), (6, 10, 30))))
    small, large = int(rng.integers(2, 9)), int(rng.integers(300, 900))
    return [common, (2, small + 1, small), (1, small, small + 2), (1, 1, 1), (4, 1, small),
            (2, 2 * small, small), (3, small, small), (12, 7, 1), (6, large + 1, large)]


@stack_parameters.part("one direction")
def _(rng, answer):
    sizes = _sizes(rng)
    _check_stacks(answer, sizes, False)
    _check_stacks(answer, sizes[:3], False, False)


@stack_parameters.part("both directions")
def _(rng, answer):
    _check_stacks(answer, _sizes(rng), True, True)


# --- projection -------------------------------------------------------------------------------

project = Exercise("project", hints={
    "not_centred": ("Directions of largest *variance*: the mean has to go first.",
                    "states - states.mean(axis=0)."),
    "mean_left_in": ("The right directions, but you project the states with their mean.",
                     "Multiply the *centred* states by them."),
    "one_mean": ("You took one mean of all numbers off; each unit has its own mean.",
                 "states.mean(axis=0): over the samples."),
    "smallest": ("You keep the directions in which the states vary least.",
                 "np.linalg.eigh sorts upwards: take the last ones, the largest first."),
    "unsorted": ("Those are directions of the right kind, but not the ones of the largest "
                 "variance.", "np.linalg.eig returns them in no order: sort them by their "
                 "eigenvalues, or use the SVD."),
    "first_units": ("Those are two units, not two directions.",
                    "Multiply the centred states by the first rows of V^T, transposed."),
    "scaled": ("Your columns are scaled; the projection keeps their size.",
               "centred @ directions.T, without dividing or multiplying by s."),
    "signs_lost": ("All your numbers are positive: the two sides of the mean fall together.",
                   "Only a whole column may change its sign: leave the abs out."),
    "standardised": ("You scaled each unit to the same variance; here the variances decide.",
                     "Centre only: states - states.mean(axis=0)."),
    "columns": ("You took columns of what np.linalg.svd returns; the directions are its rows.",
                "centred @ directions[:dimensions].T"),
    "dimensions_ignored": ("Asked for another number of directions, you return the same.",
                           "Use `dimensions` where you pick the rows."),
    "rebuilt": ("You went on, back to the units: (samples, units).",
                "Stop after the product with the directions."),
    "directions_only": ("Those are the directions, not the states along them.",
                        "Multiply the centred states by them."),
    "order": ("The right directions, in the wrong order.", "The largest variance first."),
    "over_units": ("You centred each state by itself.", "The mean over the samples: axis=0."),
})

# (samples, units, dimensions), spread of the directions if they are the units, in another order
# than downwards: np.linalg.eig returns them so. (None: turned.)
CLOUDS = ((200, 6, 2, None), (50, 4, 1, None), (30, 5, 3, None), (4, 6, 2, None), (5, 2, 1, None),
          (40, 3, 3, None), (60, 4, 2, (2, 8, 1, 4)), (70, 4, 1, (2, 8, 1, 4)),
          (12, 3, 2, (1, 8, 2)))


def _cloud(rng, samples, units, spread):
    """Return states whose variances lie well apart, far from the origin."""
    if spread is None:
        spread = 8.0 * 0.6 ** np.arange(units) * rng.uniform(0.9, 1.1, units)
        turn, _ = np.linalg.qr(rng.normal(size=(units, units)))
    else:
        spread, turn = np.array(spread, float), np.eye(units)
    rank = min(samples - 1, units)
    noise = rng.normal(size=(samples, rank))
    scores, _ = np.linalg.qr(noise - noise.mean(axis=0))    # exactly uncorrelated
    return scores * np.sqrt(samples) * spread[:rank] @ turn[:rank] + rng.uniform(10, 30, units)


def _along(data, pick, onto=None):
    """Return `data`, or `onto`, along the picked directions of `data`."""
    directions = np.linalg.svd(data, full_matrices=False)[2]
    return (data if onto is None else onto) @ directions[pick].T


def _like(value, other):
    """Whether each column of `value` is that of `other`, up to the sign of the column."""
    if value.shape != other.shape:
        return False
    signs = np.where((value * other).sum(axis=0) < 0, -1.0, 1.0)
    return allclose(value * signs, other, rtol=1e-3, atol=1e-3 * max(other.std(), 1e-6))


def _is_scaled(value, right):
    """Whether each column of `value` is a multiple of that of `right`."""
    size = (value * right).sum(axis=0) / (right**2).sum(axis=0)
    return bool((np.abs(size) > 1e-9).all()) and _like(value / np.abs(size), right)


def _are_directions(value, states):
    """Whether the columns of `value` are the states along different directions of variance."""
    every = _along(states - states.mean(axis=0), slice(None))
    found = {k for k in range(every.shape[1]) for one in value.T
             if _like(one[:, None], every[:, k:k + 1])}
    return len(found) == value.shape[1]


def _projection_mistakes(states, d):
    """Return (mistake, what it gives), likely ones first."""
    centred, best = states - states.mean(axis=0), slice(0, d)
    right = _along(centred, best)
    return [
        ("order", right[:, ::-1]),
        ("smallest", _along(centred, slice(None, -d - 1, -1))),
        ("smallest", _along(centred, slice(None, -d - 1, -1))[:, ::-1]),
        ("first_units", centred[:, :d]), ("first_units", states[:, :d]),
        ("first_units", centred[:, np.argsort(-centred.var(axis=0))[:d]]),
        ("mean_left_in", _along(centred, best, onto=states)),
        ("not_centred", _along(states, best)), ("not_centred", _along(states, best, centred)),
        ("one_mean", _along(states - states.mean(), best)),
        ("over_units", _along(states - states.mean(axis=1, keepdims=True), best)),
        ("standardised", _along(centred / centred.std(axis=0), best)),
        ("standardised", _along(centred / centred.std(axis=0, ddof=1), best)),
        ("columns", centred @ np.linalg.svd(centred)[2][:, :d]), ("signs_lost", np.abs(right)),
    ]


def _check_shape(value, states, d):
    """Name what has the shape of something else than the projection."""
    shape, (samples, units) = value.shape, states.shape
    if shape == (samples, d) or shape not in ((samples, 2), (samples, units), (units, d),
                                              (d, units)):
        return
    message = f"With dimensions={d} the projection has shape {shape}."
    expect(shape not in ((units, d), (d, units)), message, "directions_only")
    mean = states.mean(axis=0)
    directions = np.linalg.svd(states - mean, full_matrices=False)[2][:d]
    back = (states - mean) @ directions.T @ directions
    rebuilt = shape == back.shape and (allclose(value, back) or allclose(value, back + mean))
    expect(False, message, "rebuilt" if rebuilt else "dimensions_ignored")


def _check_cloud(rng, answer, samples, units, d, spread):
    states = _cloud(rng, samples, units, spread)
    value = answer(states) if d == 2 else answer(states, d)
    _check_shape(expect_array(value, "the projection"), states, d)
    value = expect_array(value, "the projection", (samples, d), "(samples, dimensions)")
    right = _along(states - states.mean(axis=0), slice(0, d))
    if _like(value, right):
        return
    message = (f"The projection of {samples} states of {units} units with dimensions={d} is "
               "wrong.")
    for mistake, wrong in _projection_mistakes(states, d) if spread is None else ():
        expect(not _like(value, wrong), message, mistake)
    expect(not _are_directions(value, states), message, "unsorted")
    expect(not _is_scaled(value, right), message, "scaled")
    expect(False, message + " Each column may differ in its sign only from what the directions "
           "of largest variance give.")


@project.part("two directions")
def _(rng, answer):
    for case in CLOUDS:
        if case[2] == 2:
            _check_cloud(rng, answer, *case)


@project.part("other numbers of directions")
def _(rng, answer):
    for case in CLOUDS:
        if case[2] != 2:
            _check_cloud(rng, answer, *case)


seal(__name__)
