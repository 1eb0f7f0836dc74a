"""Checks of lesson 04: gradients through time, the spectral radius, reach, and Adam."""

import numpy as np

from ..cells import simple_rnn_backward, simple_rnn_forward
from ..gradients import spectral_radius
from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number, expect_tuple

BATCH, TIME, UNITS = 3, 6, 5
LOOSE = {"rtol": 1e-4, "atol": 1e-6}

# --- the walk back ----------------------------------------------------------------------------

gradient_through_time = Exercise("gradient_through_time", hints={
    "no_slope": ("Each step back multiplies by two things; one of them is not there.",
                 "Multiply by the slope of tanh first: `1 - h[:, t] ** 2`."),
    "no_transpose": ("Going forward, h_{t-1} meets U. Going back, what does it meet?",
                     "The gradient goes back through `U.T`."),
    "wrong_slope": ("Whose slope is it? The step from t-1 to t ends in the tanh of h[:, t].",
                    "Use `h[:, t]`, not `h[:, t - 1]`, on the way from t to t - 1."),
    "slope_after": ("Two factors, but in which order? First out of tanh, then through U.",
                    "`(d_h[:, t] * slope) @ U.T`: the slope stands inside the brackets."),
    "slope_of_value": ("The slope of tanh is 1 - tanh(z)^2, and h already is tanh(z).",
                       "No further tanh: `1 - h[:, t] ** 2`."),
    "reversed": ("Which entry of your result is the gradient of the last step?",
                 "`d_h[:, -1]` is `d_last`; fill the others from the end to the front."),
    "forgot_last": ("The last step has a gradient too: the one that you are given.",
                    "Start with `d_h[:, -1] = d_last`."),
    "shifted": ("Your gradients stand one step away from where they belong.",
                "`d_h[:, -1]` is `d_last` itself; multiplied once it is `d_h[:, -2]`."),
    "loop_short": ("One step gets no gradient: where does your loop begin, and where does it end?",
                   "t goes from the last step, h.shape[1] - 1, down to 1, and fills t - 1."),
    "sigmoid_slope": ("h (1 - h) is the slope of the sigmoid; these states come out of tanh.",
                      "The slope of tanh is `1 - h[:, t] ** 2`."),
})


def _walk(d_last, h, U, slope_of=lambda h, t: 1 - h[:, t] ** 2, V=None, after=False):
    V = U.T if V is None else V
    d_h = np.zeros_like(h)
    d_h[:, -1] = d_last
    for t in range(h.shape[1] - 1, 0, -1):
        slope = slope_of(h, t)
        d_h[:, t - 1] = (d_h[:, t] @ V) * slope if after else (d_h[:, t] * slope) @ V
    return d_h


def _states(rng):
    U = rng.normal(scale=0.6, size=(UNITS, UNITS))
    h, cache = simple_rnn_forward(
        rng.normal(size=(BATCH, TIME, 2)), rng.uniform(-0.9, 0.9, (BATCH, UNITS)),
        rng.normal(size=(2, UNITS)), U, rng.normal(scale=0.3, size=UNITS))
    d_last = rng.normal(size=(BATCH, UNITS))
    return d_last, h, U, cache


@gradient_through_time.part("the last two steps")
def _(rng, walk):
    d_last, h, U, _ = _states(rng)
    d_h = expect_array(walk(d_last, h, U), "d_h", h.shape, "(batch, time, units)")
    wrong = _walk(d_last, h, U)
    flipped = np.allclose(d_h, wrong[:, ::-1], **LOOSE)
    slope = 1 - h[:, -1] ** 2
    right = (d_last * slope) @ U.T
    expect_close(d_h[:, -1], d_last, "d_h[:, -1]", axes="(batch, units)", mistakes={
        "shifted": right,
        "reversed": d_h[:, -1] if flipped else np.nan * d_last,
        "forgot_last": np.zeros_like(d_last),
    }, **LOOSE)
    expect_close(d_h[:, -2], right, "d_h[:, -2]", axes="(batch, units)", mistakes={
        "no_slope": d_last @ U.T,
        "no_transpose": (d_last * slope) @ U,
        "wrong_slope": (d_last * (1 - h[:, -2] ** 2)) @ U.T,
        "slope_after": (d_last @ U.T) * slope,
        "slope_of_value": (d_last * (1 - np.tanh(h[:, -1]) ** 2)) @ U.T,
        "sigmoid_slope": (d_last * h[:, -1] * (1 - h[:, -1])) @ U.T,
        "shifted": d_last, "loop_short": np.zeros_like(d_last),
    }, **LOOSE)


@gradient_through_time.part("all steps")
def _(rng, walk):
    d_last, h, U, cache = _states(rng)
    d_out = np.zeros_like(h)
    d_out[:, -1] = d_last
    *_, wanted = simple_rnn_backward(d_out, cache, keep_states=True)
    short = wanted.copy()
    short[:, 0] = 0
    expect_close(walk(d_last, h, U), wanted, "d_h", axes="(batch, time, units)",
                 mistakes={"loop_short": short}, **LOOSE)


# --- the spectral radius ----------------------------------------------------------------------

with_spectral_radius = Exercise("with_spectral_radius", hints={
    "real_part": ("Eigenvalues may be complex. Which part of them did you take?",
                  "The size of a complex number is `np.abs(...)`, not its real part."),
    "norm": ("You scaled by the largest singular value; that is the norm of the matrix.",
             "Take the eigenvalues, `np.linalg.eigvals(U)`, and of those the largest size."),
    "not_divided": ("Whatever radius the matrix had, it is still in your result.",
                    "Divide by the radius that U has now, then multiply by the wanted one."),
    "only_normalised": ("Your radius is 1, whatever was asked for.",
                        "Multiply by `radius` in the end."),
    "inverse": ("A matrix whose radius was large became larger.",
                "Divide by its radius; you multiplied."),
    "smallest": ("The largest eigenvalue decides in the long run, not the smallest.",
                 "`.max()` of the absolute values."),
    "negative": ("The factor is to be positive: the matrix is scaled, not flipped.",),
    "complex": ("Your result is complex: you divided by an eigenvalue, not by its size.",
                "`np.abs(np.linalg.eigvals(U)).max()`: first the sizes, then the largest."),
    "first": ("You took the first eigenvalue; they come in no particular order.",
              "`.max()` of the absolute values, not `[0]`."),
})


def _matrices(rng):
    """Return one matrix with a leading complex pair and one with real eigenvalues only.

    In neither is the first eigenvalue the largest or the smallest.
    """
    turn = rng.uniform(0.5, 1.2)
    mixed = np.triu(rng.normal(size=(UNITS, UNITS)), 1)
    mixed[np.diag_indices(UNITS)] = rng.uniform([0.7, 0, 0, 0.3, 0.3], [0.9, 1, 1, 0.6, 0.6])
    mixed[1:3, 1:3] = 3 * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return mixed, -np.diag(np.roll(np.arange(1.0, UNITS + 1), 2))


@with_spectral_radius.part("scaled matrix")
def _(rng, scale):
    for matrix in _matrices(rng):
        radius = rng.uniform(0.4, 2.0)
        eigenvalues = np.linalg.eigvals(matrix)
        now = np.abs(eigenvalues).max()
        scaled = scale(matrix, radius)
        expect(not (isinstance(scaled, np.ndarray) and np.iscomplexobj(scaled)),
               "The scaled matrix is complex; a real matrix is expected.", "complex")
        expect_close(scaled, matrix * radius / now, "the scaled matrix",
                     axes="(units, units)", mistakes={
            "real_part": matrix * radius / eigenvalues.real.max(),
            "norm": matrix * radius / np.linalg.norm(matrix, 2),
            "not_divided": matrix * radius,
            "only_normalised": matrix / now,
            "inverse": matrix * radius * now,
            "smallest": matrix * radius / np.abs(eigenvalues).min(),
            "negative": -matrix * radius / now,
            "first": matrix * radius / np.abs(eigenvalues[0]),
        }, **LOOSE)
        expect(abs(spectral_radius(scaled) - radius) < 1e-4 * radius,
               f"The spectral radius of your result is not {radius:.3g}.")


# --- how far ----------------------------------------------------------------------------------

steps_until = Exercise("steps_until", hints={
    "one_less": ("After that many steps the share is not yet below the limit.",
                 "Try it: `factor ** k < share` must hold for your k. If you rounded, round up; "
                 "if you searched a list, its first entry may stand for k = 1, not 0."),
    "one_more": ("One step earlier it was below already: you want the first time.",),
    "inverse_ratio": ("factor ** k = share. Take logarithms and solve for k.",
                      "k = log(share) / log(factor), not the other way round."),
    "not_whole": ("A number of steps is a whole number.", "Round up to an int."),
    "not_below": ("Where factor ** k is exactly the share, it is not *below* it.",
                  "With 0.5 and 0.25 the answer is 3, not 2."),
    "rounded_logarithm": ("The quotient of two logarithms is rounded, here to a little below 2.",
                          "Try your k: `while factor ** k >= share: k += 1`."),
    "linear": ("The shares multiply, they do not add up: 0.9, 0.81, 0.729 …",
               "You need k with factor ** k < share: use logarithms."),
})


@steps_until.part("random factors")
def _(rng, steps):
    for _ in range(6):
        factor, share = rng.uniform(0.3, 0.97), 10 ** rng.uniform(-6, -1)
        exact = np.log(share) / np.log(factor)
        right = int(np.floor(exact)) + 1
        name = f"steps_until({factor:.3f}, {share:.2g})"
        k = expect_number(steps(factor, share), name, whole=True)
        expect(abs(k - round(k)) < 1e-9 or not np.isclose(k, exact), f"{name} is {k:.4g}, "
               "but steps are counted in whole numbers.", "not_whole")
        mistakes = {"one_less": right - 1, "one_more": right + 1,
                    "inverse_ratio": np.ceil(np.log(factor) / np.log(share)),
                    "linear": np.ceil((1 - share) / (1 - factor))}
        expect_close(k, right, name, mistakes={m: v for m, v in mistakes.items() if v != right},
                     whole=True)


@steps_until.part("exactly at the share")
def _(rng, steps):
    for power in (2, 3, 5):
        k = expect_number(steps(0.5, 0.5**power), f"steps_until(0.5, {0.5**power})", whole=True)
        expect_close(k, power + 1, f"steps_until(0.5, {0.5**power})",
                     mistakes={"not_below": power}, whole=True)
    # squares that floats hold exactly, and whose quotient of logarithms falls below 2
    for factor, share in ((0.9, 0.81), (0.95, 0.9025)):
        name = f"steps_until({factor}, {share})"
        expect_close(expect_number(steps(factor, share), name, whole=True), 3, name,
                     mistakes={"rounded_logarithm": 2}, whole=True)


# --- Adam -------------------------------------------------------------------------------------

adam_step = Exercise("adam_step", hints={
    "no_correction": ("At the first step your change is too small: m and s start at zero.",
                      "Divide m by 1 - beta_1**t and s by 1 - beta_2**t before you use them."),
    "only_m_corrected": ("m is corrected. s starts at zero as well.",
                         "Also divide s by `1 - beta_2**t`."),
    "no_root": ("You divide by the mean square; its *root* has the size of a gradient.",
                "`np.sqrt(s_hat) + eps`."),
    "uphill": ("Your step goes up the slope.", "Subtract the change from w."),
    "betas_swapped": ("Which beta belongs to which mean? Look at the defaults.",
                      "beta_1 keeps the mean of g, beta_2 that of its square."),
    "corrected_returned": ("You return the corrected means; the next step needs the raw ones.",
                           "Return m and s themselves; use m_hat and s_hat for the change only."),
    "square_of_mean": ("s is the mean of the squares, not the square of the mean.",
                       "s = beta_2 * s + (1 - beta_2) * g**2."),
    "replaced": ("Your means forget everything before this step.",
                 "m = beta_1 * m + (1 - beta_1) * g: the old mean is the larger part."),
    "only_s_corrected": ("s is corrected. m starts at zero as well.",
                         "Also divide m by `1 - beta_1**t`."),
    "shares_swapped": ("Which share does the old mean get, and which the new gradient?",
                       "beta times the old mean, 1 - beta times the new value."),
    "no_square": ("s is the mean of the *squared* gradients.",
                  "s = beta_2 * s + (1 - beta_2) * g**2."),
    "no_eps": ("Where the gradient has always been zero, you divide zero by zero.",
               "Add eps to the root: `np.sqrt(s_hat) + eps`."),
    "eps_inside": ("Where gradients are tiny your step is too small: where does eps stand?",
                   "`np.sqrt(s_hat) + eps`, not `np.sqrt(s_hat + eps)`; that is RMSprop."),
})


def _adam(w, g, m, s, t, rate, b1, b2, eps):
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return w - rate * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), m, s


def _adam_case(rng):
    w, g, m = rng.normal(size=(3, 3, 4))
    return w, g, m, rng.uniform(0.1, 2, (3, 4)), int(rng.integers(2, 6)), 0.05, 0.8, 0.95, 1e-7


@adam_step.part("m and s")
def _(rng, step):
    w, g, m, s, t, rate, b1, b2, eps = _adam_case(rng)
    _, got_m, got_s = expect_tuple(step(w, g, m, s, t, rate, b1, b2, eps), ("w", "m", "s"))
    _, right_m, right_s = _adam(w, g, m, s, t, rate, b1, b2, eps)
    expect_close(got_m, right_m, "m", mistakes={
        "betas_swapped": b2 * m + (1 - b2) * g,
        "corrected_returned": right_m / (1 - b1**t),
        "replaced": (1 - b1) * g, "shares_swapped": (1 - b1) * m + b1 * g,
    }, **LOOSE)
    expect_close(got_s, right_s, "s", mistakes={
        "betas_swapped": b1 * s + (1 - b1) * g**2,
        "corrected_returned": right_s / (1 - b2**t),
        "square_of_mean": right_m**2,
        "replaced": (1 - b2) * g**2, "shares_swapped": (1 - b2) * s + b2 * g**2,
        "no_square": b2 * s + (1 - b2) * g,
    }, **LOOSE)


@adam_step.part("w")
def _(rng, step):
    w, g, m, s, t, rate, b1, b2, eps = _adam_case(rng)
    got, *_ = expect_tuple(step(w, g, m, s, t, rate, b1, b2, eps), ("w", "m", "s"))
    right, m_new, s_new = _adam(w, g, m, s, t, rate, b1, b2, eps)
    m_hat, s_hat = m_new / (1 - b1**t), s_new / (1 - b2**t)
    expect_close(got, right, "w", mistakes={
        "no_correction": w - rate * m_new / (np.sqrt(s_new) + eps),
        "only_m_corrected": w - rate * m_hat / (np.sqrt(s_new) + eps),
        "only_s_corrected": w - rate * m_new / (np.sqrt(s_hat) + eps),
        "no_root": w - rate * m_hat / (s_hat + eps),
        "uphill": 2 * w - right,
    }, rtol=1e-5, atol=1e-6)
    _check_small_gradients(step, w, g, m, s, t, rate, b1, b2, eps)


def _check_small_gradients(step, w, g, m, s, t, rate, b1, b2, eps):
    """Gradients as small as eps show where it stands; gradients of zero, whether it does."""
    g, m, s = eps * g, eps * m, eps**2 * s
    got, *_ = expect_tuple(step(w, g, m, s, t, rate, b1, b2, eps), ("w", "m", "s"))
    right, m_new, s_new = _adam(w, g, m, s, t, rate, b1, b2, eps)
    m_hat, s_hat = m_new / (1 - b1**t), s_new / (1 - b2**t)
    # Keras adds eps before the correction, which is as good
    keras, *_ = _adam(w, g, m, s, t, rate, b1, b2, eps / np.sqrt(1 - b2**t))
    if not (np.shape(got) == keras.shape and np.allclose(got, keras, rtol=1e-5, atol=1e-6)):
        expect_close(got, right, "w for tiny gradients", mistakes={
            "no_eps": w - rate * m_hat / np.sqrt(s_hat),
            "eps_inside": w - rate * m_hat / np.sqrt(s_hat + eps),
        }, rtol=1e-5, atol=1e-6)
    zero = np.zeros_like(w)
    got, *_ = expect_tuple(step(w, zero, zero, zero, t, rate, b1, b2, eps), ("w", "m", "s"))
    expect_close(got, w, "w for a gradient of zero", rtol=1e-5, atol=1e-6)


seal(__name__)
