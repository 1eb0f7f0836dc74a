"""Checks of lesson 04: gradients through time, the spectral radius, reach, and Adam."""

import numpy as np

from .engine import Exercise, seal
from .expect import equals, expect, expect_array, expect_close, expect_number, expect_tuple

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
    "by_preactivation": ("That is the gradient by what goes into the tanh; asked for is the one "
                         "by the state that comes out of it.",
                         "Start with d_last itself; then slope of h[:, t] first, U.T second."),
    "no_square": ("The slope of tanh falls with the *square* of the state.",
                  "`1 - h[:, t] ** 2`."),
    "no_kernel": ("Each step back multiplies by two things; U is not there.",
                  "After the slope: `@ U.T`."),
    "added": ("The loss is at the last step only: what arrives is handed on, nothing is added.",),
    "wraps": ("Your loop goes one step too far: at t = 0, index t - 1 is the last step again.",
              "t goes from the last step down to 1."),
    "not_chained": ("Every step of yours starts from d_last.",
                    "Start from the gradient of the step after it, `d_h[:, t]`."),
    "same_slope": ("Every step has a slope of its own, that of h[:, t].",),
    "one_array": ("All steps show one gradient: your list holds one array many times.",
                  "Make a new array in each step, `d = ...`; `d[:] = ...` changes the old one."),
    "wrong_shape": ("One gradient for every step: (batch, time, units), as h.",),
    "time_first": ("Your first axis is time; the batch comes first.",
                   "`np.stack(steps, axis=1)` puts time in the middle."),
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


def _walk(d_last, h, U, slope_of=lambda h, t: 1 - h[:, t] ** 2, chained=True):
    d_h = np.zeros_like(h)
    d_h[:, -1] = d_last
    for t in range(h.shape[1] - 1, 0, -1):
        start = d_h[:, t] if chained else d_last
        d_h[:, t - 1] = (start * slope_of(h, t)) @ U.T
    return d_h


def _states(rng, batch, time, units):
    """Return d_last, h and U: states of a tanh RNN, and a kernel that is not symmetric."""
    return (rng.normal(size=(batch, units)), np.tanh(rng.normal(size=(batch, time, units))),
            rng.normal(scale=1.3 / np.sqrt(units), size=(units, units)))


def _walked(walk, case):
    d_h, right = expect_array(walk(*case), "d_h"), case[1].shape
    turned = right[1], right[0], right[2]
    expect(d_h.shape != turned or turned == right,
           f"d_h has its axes in another order: expected (batch, time, units) = {right}, "
           f"got {turned}.", "time_first")
    return expect_array(d_h, "d_h", right, "(batch, time, units)")


def _check_last_two(walk, case):
    d_h = _walked(walk, case)
    d_last, h, U = case
    slope, right = 1 - h[:, -1] ** 2, _walk(*case)
    flipped = equals(d_h, right[:, ::-1])
    expect_close(d_h[:, -1], d_last, "d_h[:, -1]", {
        "reversed": right[:, 0] if flipped else (),
        "shifted": right[:, -2],
        "forgot_last": np.zeros_like(d_last),
        "one_array": d_h[:, -1] if equals(d_h, d_h[:, -1:] + np.zeros_like(h)) else (),
        "by_preactivation": d_last * slope,
        "wraps": (right[:, 0] * (1 - h[:, 0] ** 2)) @ U.T,
    }, "(batch, units)", **LOOSE)
    expect_close(d_h[:, -2], right[:, -2], "d_h[:, -2]", {
        "no_slope": d_last @ U.T,
        "no_transpose": (d_last * slope) @ U,
        "wrong_slope": (d_last * (1 - h[:, -2] ** 2)) @ U.T,
        "slope_after": (d_last @ U.T) * slope,
        "by_preactivation": (d_last @ U.T) * (1 - h[:, -2] ** 2),
        "slope_of_value": (d_last * (1 - np.tanh(h[:, -1]) ** 2)) @ U.T,
        "sigmoid_slope": (d_last * h[:, -1] * (1 - h[:, -1])) @ U.T,
        "no_square": (d_last * (1 - h[:, -1])) @ U.T,
        "no_kernel": d_last * slope,
        "added": d_last + right[:, -2],
        "shifted": d_last,
        "loop_short": np.zeros_like(d_last),
    }, "(batch, units)", **LOOSE)


def _check_all_steps(walk, case):
    d_h = _walked(walk, case)
    right = _walk(*case)
    first, short = right.copy(), right.copy()
    first[:, 1:], short[:, 0] = 0, 0
    expect_close(d_h, right, "d_h", {
        "loop_short": (short, right - first),
        "not_chained": _walk(*case, chained=False),
        "same_slope": _walk(*case, slope_of=lambda h, t: 1 - h[:, -1] ** 2),
        "wrong_slope": _walk(*case, slope_of=lambda h, t: 1 - h[:, 0] ** 2),
    }, "(batch, time, units)", **LOOSE)


@gradient_through_time.part("the last two steps")
def _(rng, walk):
    for sizes in [(3, 6, 5), (2, 4, 7), (4, 2, 3), (1, 9, 2)]:
        _check_last_two(walk, _states(rng, *sizes))


@gradient_through_time.part("all steps")
def _(rng, walk):
    for sizes in [(3, 6, 5), (4, 11, 2), (2, 3, 7), (1, 5, 3), (5, 4, 1), (2, 1, 4)]:
        _check_all_steps(walk, _states(rng, *sizes))


# --- the spectral radius ----------------------------------------------------------------------

with_spectral_radius = Exercise("with_spectral_radius", hints={
    "real_part": ("Eigenvalues may be complex. Which part of them did you take?",
                  "The size of a complex number is `np.abs(...)`, not its real part."),
    "max_then_abs": ("`.max()` of complex numbers compares their real parts: which of them has "
                     "the largest *size*?",
                     "First np.abs of all eigenvalues, then `.max()`."),
    "symmetric": ("`eigvalsh` reads one triangle only: it is for symmetric matrices.",
                  "`np.linalg.eigvals(U)` works for every square matrix."),
    "entries": ("You scaled by the size of the entries; the spectral radius is that of an "
                "eigenvalue.",
                "`np.linalg.eigvals(U)`, and of those the largest size."),
    "diagonal": ("The diagonal alone does not tell the eigenvalues.",
                 "`np.linalg.eigvals(U)`, and of those the largest size."),
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
    "wrong_shape": ("Return the matrix itself, times one factor.",),
    "negative": ("The factor is to be positive: the matrix is scaled, not flipped.",),
    "complex": ("Your result is complex: you divided by an eigenvalue, not by its size.",
                "`np.abs(np.linalg.eigvals(U)).max()`: first the sizes, then the largest."),
    "by_place": ("You took an eigenvalue by its place; they come in no particular order.",
                 "`.max()` of the absolute values, not `[0]`."),
})


def _triangular(rng, diagonal, pair, angle):
    """Return a matrix with these eigenvalues, the second and third a complex pair.

    The pair's block is sheared: its real part stands nowhere on the diagonal.
    """
    U = np.triu(rng.normal(size=(len(diagonal), len(diagonal))), 1)
    U[np.diag_indices(len(diagonal))] = diagonal
    cos, sin = pair * np.cos(angle), pair * np.sin(angle)
    shear = np.array([[1, 0.7], [0, 1]])
    U[1:3, 1:3] = shear @ [[cos, -sin], [sin, cos]] @ np.linalg.inv(shear)
    return U


def _matrices(rng):
    """Return matrices of all sizes and kinds.

    The first has its largest size in a negative eigenvalue and its largest real part in a
    complex pair, the second its largest size in a pair. In neither do the first or the last
    eigenvalue have the largest or the smallest size.
    """
    between = rng.uniform(0.6, 0.9, 2)
    tall, wide = rng.normal(size=(2, 3)) + [[4], [-2]]
    whole = np.triu(rng.integers(1, 4, (2, 2)))
    return [
        _triangular(rng, [between[0], 0, 0, -3, rng.uniform(0.2, 0.4), between[1]], 2.4,
                    rng.uniform(0.4, 0.6)),
        _triangular(rng, [between[0], 0, 0, 0.3, between[1]], 3, rng.uniform(1.3, 1.5)),
        0.02 * np.outer(tall, wide),                        # all eigenvalues but one are 0
        whole * rng.choice([-1, 1], (2, 1)) + np.diag([0, 3]),
        -rng.uniform(0.2, 0.5, (1, 1)),
        1e3 * rng.normal(size=(9, 9)),
    ]


def _scalings(U, radius):
    """Return U at this radius and {mistake: values that it gives}."""
    eigenvalues, target = np.linalg.eigvals(U), U * radius
    sizes, real = np.abs(eigenvalues), eigenvalues.real
    now = sizes.max()
    triangles = [np.abs(np.linalg.eigvalsh(m, part)).max()
                 for m, part in ((U, "L"), (U, "U"), ((U + U.T) / 2, "L"))]
    return target / now, {
        "real_part": (target / real.max(), target / np.abs(real).max()),
        "max_then_abs": target / np.abs(eigenvalues.max()),
        "norm": target / np.linalg.norm(U, 2),
        "entries": tuple(target / np.linalg.norm(U, kind) for kind in ("fro", 1, np.inf))
        + (target / np.abs(U).max(), target / U.max()),
        "diagonal": (target / np.abs(np.diag(U)).max(), target / np.trace(U)),
        "symmetric": tuple(target / size for size in triangles if size),
        "not_divided": target * 1.0,
        "only_normalised": U / now,
        "inverse": target * now,
        "smallest": target / max(sizes.min(), 1e-12),
        "negative": -target / now,
        "by_place": (target / sizes[0], target / sizes[-1]),
    }


@with_spectral_radius.part("scaled matrix")
def _(rng, scale):
    radii = [*rng.uniform(0.4, 0.9, 2), *rng.uniform(1.1, 2.5, 2), 2, 1e-2]
    for matrix, radius in zip(_matrices(rng), radii, strict=True):
        scaled = scale(matrix, radius)
        expect(not (isinstance(scaled, np.ndarray) and np.iscomplexobj(scaled)),
               "The scaled matrix is complex; a real matrix is expected.", "complex")
        name = f"the matrix of {len(matrix)} units, scaled to radius {radius:.3g},"
        right, mistakes = _scalings(matrix, radius)
        expect_close(scaled, right, name, mistakes, "(units, units)", **LOOSE)


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
    "search_ends": ("Your search stops before the share is reached: np.argmax finds nothing "
                    "and gives 0.",
                    "A loop `while factor ** k >= share` has no end of its own."),
    "linear": ("The shares multiply, they do not add up: 0.9, 0.81, 0.729 …",
               "You need k with factor ** k < share: use logarithms."),
})


def _check_steps(steps, factor, share):
    name = f"steps_until({factor:.6g}, {share:.2g})"
    k = expect_number(steps(factor, share), name, whole=True)
    exact = np.log(share) / np.log(factor)
    right = int(np.floor(exact)) + 1
    expect(k == round(k) or not np.isclose(k, exact), f"{name} is {k:.6g}, "
           "but steps are counted in whole numbers.", "not_whole")
    mistakes = {"one_less": right - 1, "one_more": right + 1}
    if right > 100:
        mistakes["search_ends"] = (0, 1)
    elif right > 3:
        mistakes |= {"inverse_ratio": (0, 1), "linear": tuple(
            f((1 - share) / (1 - factor)) for f in (np.ceil, np.floor))}
    expect_close(k, right, name, mistakes, whole=True, rtol=1e-9, atol=0)


@steps_until.part("random factors")
def _(rng, steps):
    # (k, how far beyond k - 1): rounding to the nearest is right for the second only
    for k, beyond in [(47, 0.2), (9, 0.85), (33, 0.45), (2, 0.5), (1, 0.6), (1, 0.1),
                      (5, 0.0001)]:
        factor = rng.uniform(0.7, 0.9)
        _check_steps(steps, factor, factor ** (k - 1 + beyond))
    factor = rng.uniform(0.88, 0.9)
    _check_steps(steps, factor, factor**109.9999)                   # below, if only by 1e-10
    _check_steps(steps, 1 - rng.uniform(5e-4, 7e-4), 10 ** rng.uniform(-6, -5))     # many steps
    _check_steps(steps, rng.uniform(0.2, 0.4), 10 ** rng.uniform(-99, -90))
    _check_steps(steps, rng.uniform(0.01, 0.1), rng.uniform(0.6, 0.9))              # one step


@steps_until.part("exactly at the share")
def _(rng, steps):
    # powers that floats hold exactly; of the last two the quotient of logarithms is below 2
    for factor, power, mistake in [
        (0.5, 2, "not_below"), (0.25, 3, "not_below"), (0.75, 1, "not_below"),
        (0.5, 11, "not_below"), (0.9, 2, "rounded_logarithm"), (0.95, 2, "rounded_logarithm"),
    ]:
        share = round(factor**power, 12)
        name = f"steps_until({factor}, {share})"
        k = expect_number(steps(factor, share), name, whole=True)
        expect_close(k, power + 1, name, {mistake: power}, whole=True, rtol=1e-9)


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
    "full_share": ("How much of the new value goes in? Not all of it.",
                   "m = beta_1 * m + (1 - beta_1) * g, and s alike."),
    "not_updated": ("A mean comes back as it was given.",
                    "Return the new m and s, those with this gradient in them."),
    "order": ("Return w, m, s in this order.",),
    "wrong_count": ("The next step needs all three: return w, m, s.",),
    "settings": ("rate, beta_1, beta_2 and eps are arguments: use what is given, not a number.",),
    "step_number": ("t is the number of this step and counts from 1: use it as it is.",),
    "old_means": ("The change uses the means with this gradient in them, not the old ones.",),
    "no_momentum": ("The change follows g alone; that is RMSprop.",
                    "m_hat stands above the fraction bar."),
    "corrections_swapped": ("Which beta corrects which mean?",
                            "m by 1 - beta_1**t, s by 1 - beta_2**t."),
    "no_rate": ("How large is a step? `rate` is missing.",),
    "change_only": ("That is the change; return the new weight.",),
    "not_finite": ("Zero by zero, or the root of a negative number: what stands under your root?",
                   "`1 - beta_2**t` has a power, and eps is added to the root."),
    "no_eps": ("Where the gradient has always been zero, you divide zero by zero.",
               "Add eps to the root: `np.sqrt(s_hat) + eps`."),
    "eps_inside": ("Where gradients are tiny your step is too small: where does eps stand?",
                   "`np.sqrt(s_hat) + eps`, not `np.sqrt(s_hat + eps)`; that is RMSprop."),
})


def _adam(w, g, m, s, t, rate=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g**2
    return w - rate * m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps), m, s


SETTINGS = (0.001, 0.9, 0.999, 1e-7)            # the defaults of the exercise


def _adam_case(rng, shape, t, settings, size=1.0):
    """Return w, g, m, s, t and these settings; m and s are 0 before the first step."""
    w, g, m = rng.normal(size=(3, *shape))
    s = size**2 * rng.uniform(0.1, 2, shape)
    return w, size * g, size * m * (t > 1), s * (t > 1), t, *settings


def _other_settings(w, g, m, s, t, *settings):
    """Return what `_adam` gives where one setting has the default in place of the given value."""
    return [_adam(w, g, m, s, t, *settings[:k], default, *settings[k + 1:])
            for k, default in enumerate(SETTINGS)]


def _check_means(step, case):
    values = expect_tuple(step(*case), ("w", "m", "s"))
    _, g, m, s, t, _, b1, b2, _ = (*case, *SETTINGS)[:9]
    right_w, right_m, right_s = _adam(*case)
    _, fixed_m, fixed_s = zip(*_other_settings(*case[:5], *(case[5:] or SETTINGS)), strict=True)
    expect_close(values[1], right_m, "m", {
        "betas_swapped": b2 * m + (1 - b2) * g,
        "corrected_returned": right_m / (1 - b1**t),
        "order": (right_s, right_w), "not_updated": m,
        "replaced": (1 - b1) * g, "shares_swapped": (1 - b1) * m + b1 * g,
        "full_share": (m + g, b1 * m + g), "settings": fixed_m,
    }, **LOOSE)
    expect_close(values[2], right_s, "s", {
        "betas_swapped": b1 * s + (1 - b1) * g**2,
        "corrected_returned": right_s / (1 - b2**t),
        "square_of_mean": (right_m**2, b2 * s + (1 - b2) * right_m**2),
        "order": (right_m, right_w), "not_updated": s,
        "replaced": (1 - b2) * g**2, "shares_swapped": (1 - b2) * s + b2 * g**2,
        "no_square": (b2 * s + (1 - b2) * g, b2 * s + (1 - b2) * np.abs(g)),
        "full_share": (s + g**2, b2 * s + g**2), "settings": fixed_s,
    }, **LOOSE)


@adam_step.part("m and s")
def _(rng, step):
    given = (0.05, 0.8, 0.95, 1e-6)
    _check_means(step, _adam_case(rng, (4, 3), int(rng.integers(2, 6)), given))
    _check_means(step, _adam_case(rng, (5,), 1, given))                     # the first step
    _check_means(step, _adam_case(rng, (2, 5, 2), 40, (2.0, 0.7, 0.9, 1e-3), size=300.0))
    _check_means(step, _adam_case(rng, (6,), 7, ()))                        # the defaults


def _check_weights(step, case, name):
    got, *_ = expect_tuple(step(*case), ("w", "m", "s"))
    w, g, m, s, t, rate, b1, b2, eps = (*case, *SETTINGS)[:9]
    right, m_new, s_new = _adam(*case)
    m_hat, s_hat = m_new / (1 - b1**t), s_new / (1 - b2**t)
    close_enough = {"rtol": 1e-6, "atol": 1e-4 * rate}
    # Keras adds eps before the correction, which is as good
    if equals(got, _adam(*case[:5], rate, b1, b2, eps / np.sqrt(1 - b2**t))[0], **close_enough):
        return

    def moved(above, below):
        return w - rate * above / below

    root = np.sqrt(s_hat) + eps
    expect_close(got, right, name, {
        "no_correction": moved(m_new, np.sqrt(s_new) + eps),
        "only_m_corrected": moved(m_hat, np.sqrt(s_new) + eps),
        "only_s_corrected": moved(m_new, root),
        "no_root": (moved(m_hat, s_hat + eps), moved(m_new, s_new + eps)),
        "uphill": 2 * w - right,
        "no_eps": moved(m_hat, np.sqrt(s_hat) + (s_hat == 0)),
        "eps_inside": moved(m_hat, np.sqrt(s_hat + eps)),
        "step_number": tuple(_adam(w, g, m, s, n, rate, b1, b2, eps)[0]
                             for n in (t + 1, t - 1, 1) if n),
        "old_means": moved(m / (1 - b1**t), np.sqrt(s / (1 - b2**t)) + eps),
        "no_momentum": moved(g, root),
        "corrections_swapped": moved(m_new / (1 - b2**t), np.sqrt(s_new / (1 - b1**t)) + eps),
        "no_rate": w - m_hat / root,
        "change_only": (right - w, w - right),
        "order": (m_new, s_new),
        "settings": (*(v for v, _, _ in _other_settings(w, g, m, s, t, rate, b1, b2, eps)),
                     _adam(w, g, m, s, t, rate, b1, b2, 1e-8)[0]),
    }, **close_enough)


@adam_step.part("w")
def _(rng, step):
    given = (0.05, 0.8, 0.95, 1e-7)
    _check_weights(step, _adam_case(rng, (4, 3), int(rng.integers(3, 6)), given), "w")
    _check_weights(step, _adam_case(rng, (2, 5, 2), 1, given), "w of the first step")
    _check_weights(step, _adam_case(rng, (5,), 60, (2.0, 0.7, 0.9, 1e-3), size=300.0), "w")
    _check_weights(step, _adam_case(rng, (6,), 7, ()), "w with the default settings")
    # gradients as small as eps show where it stands, gradients of 0 whether it does
    sizes = np.array([[1.0], [1e-5], [3e-7], [1e-4]])
    case = _, g, m, s, *_ = _adam_case(rng, (4, 2), 3, (0.05, 0.8, 0.95, 1e-5), sizes)
    _check_weights(step, case, "w for tiny gradients")
    for array in (g, m, s):
        array[1] = 0
    g[2:] = 0                                   # here only this gradient is 0: m still counts
    _check_weights(step, case, "w where gradients are 0")


seal(__name__)
