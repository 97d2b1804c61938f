"""The NumPy port with one known misreading put in: python3 mutants.py NAME [--float64]. The names are those of src/port/misreadings."""

import inspect
import math
import sys

import numpy as np

import measures
import sic
import sic_numpy_port
import training

ACTUAL = {name: getattr(sic, name) for name in dir(sic)}  # the functions as they are before anything is replaced
RIGHT = {name: getattr(training, name) for name in dir(training)}
MEASURED = {name: getattr(measures, name) for name in dir(measures)}


def inverted(order):
    isPermutation = [sorted(o) == list(range(len(o))) for o in order]
    return np.transpose([np.argsort(o) if fits else o for o, fits in zip(order, isPermutation)])


def late(velocities, order):
    after = ACTUAL["positions"](velocities, order)
    return np.concatenate([np.zeros_like(after[:1]), after[:-1]])


def mlp(activation):
    def hidden(p, velocities, velocityScale):
        h0 = velocities / velocityScale
        h1 = activation(h0 @ p["A1"] + p["a1"])
        return h0, h1, activation(h1 @ p["A2"] + p["a2"])

    return hidden


def divided_by(length):
    def norm(z):
        size = length(z)
        return np.divide(z, size, out=np.zeros_like(z), where=size > 0)

    return norm


def plus(small):
    return divided_by(lambda z: np.sqrt(np.sum(z * z, axis=-1, keepdims=True)) + sic.REAL(small))


def applied(W, state):
    return np.einsum("...ij,...j->...i", W, state)


def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


NETWORK = {
    "order-inverted": {"path": inverted},
    "order-ignored": {"path": lambda order: np.transpose([np.arange(len(o)) for o in order])},
    "positions-shifted": {"positions": late},
    "positions-not-summed": {"positions": lambda velocities, order: velocities[np.transpose(order)]},
    "velocity-not-scaled": {"hidden": lambda p, v, scale: ACTUAL["hidden"](p, v, 1)},
    "velocity-multiplied": {"hidden": lambda p, v, scale: ACTUAL["hidden"](p, v, 1 / scale)},
    "transition-column-major": {"transition": lambda *a: np.swapaxes(ACTUAL["transition"](*a), 1, 2)},
    "mlp-without-relu": {"hidden": mlp(lambda z: z)},
    "mlp-relu-at-end": {"transition": lambda *a: sic.relu(ACTUAL["transition"](*a))},
    "mlp-tanh": {"hidden": mlp(np.tanh)},
    "transition-residual": {"transition": lambda p, *a: ACTUAL["transition"](p, *a) + np.eye(len(p["gamma"]), dtype=sic.REAL)},
    "initial-without-relu": {"initial_state": lambda gamma: sic.norm(gamma)},
    "initial-not-normalised": {"initial_state": lambda gamma: sic.relu(gamma)},
    "step-transposed": {"step": lambda W, g: ACTUAL["step"](np.swapaxes(W, -1, -2), g)},
    "norm-before-relu": {
        "step": lambda W, g: sic.relu(sic.norm(applied(W, g))),
        "initial_state": lambda gamma: sic.relu(sic.norm(gamma)),
    },
    "step-without-relu": {"step": lambda W, g: sic.norm(applied(W, g))},
    "step-not-normalised": {"step": lambda W, g: sic.relu(applied(W, g))},
    "norm-l1": {"norm": divided_by(lambda z: np.sum(np.abs(z), axis=-1, keepdims=True))},
    "norm-max": {"norm": divided_by(lambda z: np.max(np.abs(z), axis=-1, keepdims=True))},
    **{f"norm-plus-{text}": {"norm": plus(float(text))} for text in ("0.00001", "0.000001", "1e-7", "1e-8")},
    "dead-trajectories-counted": {"dead": lambda states: np.sum(np.all(states[-1] == 0, axis=-1))},
    "step-softmax": {"step": lambda W, g: softmax(applied(W, g))},
    "step-residual": {"step": lambda W, g: sic.norm(sic.relu(g + applied(W, g)))},
}


def other_pair(places):
    return ~np.eye(len(places), dtype=bool)


def masks(choose):
    """near_and_far with its own choice: from distances, sigmaX and the mask of i != j."""
    def near_and_far(places, sigmaX):
        return choose(np.sqrt(sic.squared_distances(places)), sic.REAL(sigmaX), other_pair(places))

    return {"near_and_far": near_and_far}


def weight_over_all(mask, reduction):
    size = len(mask)
    return 1 / max(size * (size - 1), 1) if reduction == "mean" else 1


def bump(f):
    return {"similarity": lambda states, sigmaG: f(sic.squared_distances(states), sigmaG)}


def near_sum(f):
    """invariance with its own term, from the differences of states [P][P][N]."""
    def invariance(states, places, sigmaX, reduction):
        near = sic.near_and_far(places, sigmaX)[0]
        return np.sum(f(states[:, None] - states[None, :])[near]) * sic.pair_weight(near, reduction), near.sum()

    return {"invariance": invariance}


def counted(choose):
    """moves with its own choice of the steps that count."""
    def moves(initial, states, velocities, order, sigmaS, sigmaC):
        move, length, speed, _ = ACTUAL["moves"](initial, states, velocities, order, sigmaS, sigmaC)
        return move, length, speed, choose(speed, sic.REAL(sigmaS), sic.REAL(sigmaC))

    return {"moves": moves}


def after_first(speed, sigmaS, sigmaC):
    return (speed > sigmaS) & (speed < sigmaC) & (np.arange(len(speed)) > 0)[:, None]


def ratios(f):
    def conformal_isometry(*a):
        _, length, speed, counts = sic.moves(*a)
        return sic.spread(f(length[counts], speed[counts])), counts.sum()

    return conformal_isometry


def or_nothing(f):
    return {"spread": lambda r: f(r) if r.size else 0.0}


def per_trajectory(*a):
    _, length, speed, counts = sic.moves(*a)
    each = [sic.spread(l[c] / s[c]) for l, s, c in zip(length.T, speed.T, counts.T)]
    return np.mean(each), counts.sum()


LOSSES = {
    "invariance-over-drawn": {"invariance_states": lambda pairs: pairs},
    "self-pairs-counted": masks(lambda d, sigma, other: (d < sigma, d > sigma)),
    "pairs-unordered": masks(lambda d, sigma, other: (np.triu((d < sigma) & other), np.triu(d > sigma))),
    "far-includes-edge": masks(lambda d, sigma, other: ((d < sigma) & other, (d >= sigma) & other)),
    "near-includes-edge": masks(lambda d, sigma, other: ((d <= sigma) & other, d > sigma)),
    "near-and-far-swapped": masks(lambda d, sigma, other: (d > sigma, (d < sigma) & other)),
    "distance-not-rooted": masks(lambda d, sigma, other: ((d * d < sigma) & other, d * d > sigma)),
    "always-sum": {"pair_weight": lambda mask, reduction: 1},
    "always-mean": {"pair_weight": lambda mask, reduction: ACTUAL["pair_weight"](mask, "mean")},
    "mean-over-all-pairs": {"pair_weight": weight_over_all},
    "gaussian-without-2": bump(lambda d2, sigma: np.exp(-d2 / sigma**2)),
    "gaussian-sigma-not-squared": bump(lambda d2, sigma: np.exp(-d2 / (2 * sigma))),
    "gaussian-distance-not-squared": bump(lambda d2, sigma: np.exp(-np.sqrt(d2) / (2 * sigma**2))),
    "gaussian-normalised": bump(lambda d2, sigma: np.exp(-d2 / (2 * sigma**2)) / (math.sqrt(2 * math.pi) * sigma)),
    "invariance-not-squared": near_sum(lambda move: np.sqrt(np.sum(move**2, axis=-1))),
    "invariance-mean-over-units": near_sum(lambda move: np.mean(move**2, axis=-1)),
    "capacity-not-squared": {"capacity": lambda states: -np.sqrt(-ACTUAL["capacity"](states))},
    "capacity-mean-of-norms": {"capacity": lambda states: -np.mean(np.sum(states**2, axis=-1))},
    "capacity-sign": {"capacity": lambda states: -ACTUAL["capacity"](states)},
    "capacity-sum": {"capacity": lambda states: -np.sum(states.sum(axis=0) ** 2)},
    "variance-n-minus-1": or_nothing(lambda r: np.var(r, ddof=1) if r.size > 1 else 0.0),
    "conformal-standard-deviation": or_nothing(np.std),
    "conformal-relative-variance": or_nothing(lambda r: np.var(r) / np.mean(r) ** 2 if np.mean(r) else 0.0),
    "conformal-without-first-step": counted(after_first),
    "conformal-without-mask": counted(lambda speed, sigmaS, sigmaC: speed > 0),
    "conformal-includes-edge": counted(lambda speed, sigmaS, sigmaC: (speed > sigmaS) & (speed <= sigmaC)),
    "conformal-without-floor": counted(lambda speed, sigmaS, sigmaC: (speed > 0) & (speed < sigmaC)),
    "conformal-zero-steps-counted": {
        **counted(lambda speed, sigmaS, sigmaC: (speed == 0) | ((speed > sigmaS) & (speed < sigmaC))),
        "conformal_isometry": ratios(lambda length, speed: np.divide(length, speed, out=np.zeros_like(length), where=speed > 0)),
    },
    "conformal-not-divided": {"conformal_isometry": ratios(lambda length, speed: length)},
    "conformal-squared-ratio": {"conformal_isometry": ratios(lambda length, speed: (length / speed) ** 2)},
    "conformal-per-trajectory": {"conformal_isometry": per_trajectory},
    "conformal-below-sigma-x": {"used": lambda s: {**s, "sigmaC": s["sigmaX"]}},
    "capacity-over-pairs": {"capacity_states": lambda states, rows: rows},
    "capacity-weight-negated": {"total": lambda sep, inv, cap, con, s: ACTUAL["total"](sep, inv, -cap, con, s)},
    "total-unweighted": {"total": lambda sep, inv, cap, con, s: sep + inv + cap + con},
    "total-without-conformal": {"total": lambda sep, inv, cap, con, s: ACTUAL["total"](sep, inv, cap, 0, s)},
}


def constant_norm(z, dg):
    length = np.sqrt(np.sum(sic.relu(z) ** 2, axis=-1, keepdims=True))
    return np.divide(dg, length, out=np.zeros_like(dg), where=length > 0) * (z > 0)


def unmasked_norm(z, dg):
    r = sic.relu(z)
    length, g = np.sqrt(np.sum(r * r, axis=-1, keepdims=True)), sic.norm(r)
    return np.divide(dg - g * np.sum(g * dg, axis=-1, keepdims=True), length, out=np.zeros_like(dg), where=length > 0)


def one_step(W, state, dg):
    dW, dstate = ACTUAL["step_gradient"](W, state, dg)
    return dW, np.zeros_like(dstate)


def after_only(initial, states, velocities, order, sigmaS, sigmaC):
    """The gradient of each move with respect to the state after it; that of the state before is lost."""
    dinitial, dstates = ACTUAL["conformal_gradient"](initial, states, velocities, order, sigmaS, sigmaC)
    dmove = np.cumsum(dstates[::-1], axis=0)[::-1]
    return np.zeros_like(dinitial), dmove


GRADIENTS = {
    "gradient-one-side-of-pairs": {"pair_gradient": lambda *a: ACTUAL["pair_gradient"](*a) / 2},
    "gradient-misses-gamma": {"gradients": lambda p, *a, **k: {**ACTUAL["gradients"](p, *a, **k), "gamma": np.zeros_like(p["gamma"])}},
    "gradient-through-one-step": {"step_gradient": one_step},
    "gradient-norm-constant": {"norm_gradient": constant_norm},
    "gradient-unmasked-states": {"norm_gradient": unmasked_norm},
    "gradient-unmasked-layers": {"passing": np.ones_like},
    "gradient-conformal-misses-before": {"conformal_gradient": after_only},
}


def coupled(parameters, gradients, m, v, step, learningRate, beta1, beta2, epsilon, weightDecay):
    gradients = {k: g + weightDecay * parameters[k] for k, g in gradients.items()}
    return RIGHT["adamw"](parameters, gradients, m, v, step, learningRate, beta1, beta2, epsilon, 0)


def swapped(parameters, gradients, m, v, step, learningRate, beta1, beta2, epsilon, weightDecay):
    return RIGHT["adamw"](parameters, gradients, m, v, step, learningRate, beta2, beta1, epsilon, weightDecay)


def corrected(formula):
    """The update as its own formula of m, v, epsilon and the two bias corrections."""
    def update(m, v, step, beta1, beta2, epsilon):
        return formula(m, v, epsilon, 1 - beta1 ** (step + 1), 1 - beta2 ** (step + 1))

    return {"update": update}


def each_clipped(clip):
    def clip_by_global_norm(gradients, clipNorm):
        return {k: clip(g, clipNorm) for k, g in gradients.items()}, training.global_norm(gradients)

    return {"clip_by_global_norm": clip_by_global_norm}


def by_own_norm(g, clipNorm):
    norm = np.sqrt(np.sum(g * g))
    return g * sic.REAL(clipNorm / norm if 0 < clipNorm < norm else 1)


def by_value(g, clipNorm):
    return np.clip(g, -clipNorm, clipNorm) if clipNorm > 0 else g


def clipped_as_pytorch(gradients, clipNorm):
    norm = training.global_norm(gradients)
    factor = sic.REAL(min(1, clipNorm / (norm + 1e-6)) if clipNorm > 0 else 1)
    return {k: g * factor for k, g in gradients.items()}, norm


def stretched(gradients, clipNorm):
    norm = training.global_norm(gradients)
    factor = sic.REAL(clipNorm / norm if norm and clipNorm else 1)
    return {k: g * factor for k, g in gradients.items()}, norm


def rates(warm, share, floor=lambda cosineFloor: cosineFloor):
    """warmup_cosine with its own warm-up, its own share of the run, and its own floor."""
    def warmup_cosine(learningRate, warmup, cosineFloor, steps, step):
        cosine = (1 + math.cos(math.pi * share(step, steps, warmup))) / 2
        return learningRate * warm(step, warmup) * (floor(cosineFloor) + (1 - floor(cosineFloor)) * cosine)

    return {"warmup_cosine": warmup_cosine}


def passed(step, steps, warmup):
    return step / steps


def from_zero(step, warmup):
    return min(1, step / warmup) if warmup else 1


def plateau(runsOut=lambda bad, patience: bad > patience, badAfterFall=lambda bad: 0):
    def plateau(rate, best, bad, loss, plateauFactor, plateauPatience, plateauThreshold):
        if training.beats(loss, best, plateauThreshold):
            return rate, loss, 0
        bad += 1
        return (rate * plateauFactor, best, badAfterFall(bad)) if runsOut(bad, plateauPatience) else (rate, best, bad)

    return {"plateau": plateau}


def lowering(rate, best, bad, loss, *settings, **named):
    rate, best, bad = RIGHT["plateau"](rate, best, bad, loss, *settings, **named)
    return rate, min(best, loss), bad


def better(than):
    return {"beats": lambda loss, best, threshold: best == math.inf or loss < than(best, threshold)}


def jumping(curriculum, steps, step, **own):
    passed = [knot for knot in curriculum if knot["at"] <= step / steps]
    return RIGHT["curriculum"](passed or curriculum[:1], steps, step, **own)


def keeping(curriculum, **rest):
    kept = {}
    return RIGHT["curriculum"]([kept := {**kept, **knot} for knot in curriculum], **rest)


TRAINING = {
    "adamw-decay-coupled": {"adamw": coupled},
    "adamw-decay-without-rate": {"decay": lambda p, learningRate, weightDecay: p * (1 - weightDecay)},
    "adamw-without-decay": {"decay": lambda p, learningRate, weightDecay: p},
    "adamw-decay-of-matrices-only": {"decay": lambda p, *rates: RIGHT["decay"](p, *rates) if p.ndim == 2 else p},
    "adamw-without-bias-correction": corrected(lambda m, v, eps, c1, c2: m / (np.sqrt(v) + eps)),
    "adamw-epsilon-inside-root": corrected(lambda m, v, eps, c1, c2: m / c1 / np.sqrt(v / c2 + eps)),
    "adamw-epsilon-before-correction": corrected(lambda m, v, eps, c1, c2: math.sqrt(c2) / c1 * m / (np.sqrt(v) + eps)),
    "adamw-root-missing": corrected(lambda m, v, eps, c1, c2: m / c1 / (v / c2 + eps)),
    "adamw-step-one-ahead": {"update": lambda m, v, step, *a: RIGHT["update"](m, v, step + 1, *a)},
    "adamw-step-one-late": {"update": lambda m, v, step, *a: RIGHT["update"](m, v, max(0, step - 1), *a)},
    "adamw-betas-swapped": {"adamw": swapped},
    "clip-per-tensor": each_clipped(by_own_norm),
    "clip-by-value": each_clipped(by_value),
    "clip-plus-1e-6": {"clip_by_global_norm": clipped_as_pytorch},
    "clip-missing": each_clipped(lambda g, clipNorm: g),
    "clip-always-rescales": {"clip_by_global_norm": stretched},
    "accumulate-sum": {"accumulate": lambda gradients: {k: sum(g[k] for g in gradients) for k in gradients[0]}},
    "warmup-from-zero": rates(from_zero, passed),
    "warmup-missing": rates(lambda step, warmup: 1, passed),
    "cosine-after-warmup": rates(training.warmup_share, lambda step, steps, warmup: max(0, (step - warmup) / (steps - warmup))),
    "cosine-one-step-early": rates(training.warmup_share, lambda step, steps, warmup: (step + 1) / steps),
    "cosine-floor-ignored": rates(training.warmup_share, passed, lambda cosineFloor: 0),
    "plateau-one-early": plateau(runsOut=lambda bad, patience: bad >= patience),
    "plateau-threshold-of-magnitude": better(lambda best, threshold: best - threshold * abs(best)),
    "plateau-threshold-absolute": better(lambda best, threshold: best - threshold),
    "plateau-threshold-ignored": better(lambda best, threshold: best),
    "plateau-best-always-lowered": {"plateau": lowering},
    "plateau-of-last-batch": {"loss_of_step": lambda totals: totals[-1]},
    "plateau-without-warmup": {"warmup_of": lambda step, s: 1 if s["schedule"] == "plateau" else RIGHT["warmup_of"](step, s)},
    "plateau-count-kept": plateau(badAfterFall=lambda bad: bad),
    "curriculum-ceil": {"curriculum": lambda **settings: RIGHT["curriculum"](**settings, whole=math.ceil)},
    "curriculum-round": {"curriculum": lambda **settings: RIGHT["curriculum"](**settings, whole=lambda x: math.floor(x + 0.5))},
    "curriculum-one-step-early": {"curriculum": lambda step, **settings: RIGHT["curriculum"](**settings, step=step + 1)},
    "curriculum-in-steps": {"curriculum": jumping},
    "curriculum-keeps": {"curriculum": keeping},
    "train-ignores-curriculum": {"loss_settings_at": lambda step, s: s},
}


def one_mean(grid, minimumOverlap):
    bins, mean, variance = len(grid), np.nanmean(grid), np.nanvar(grid)
    padded = np.pad(grid - mean, bins - 1, constant_values=np.nan)
    right = MEASURED["autocorrelogram"](grid, minimumOverlap)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (bins, bins))
    defined = np.argwhere(~np.isnan(right))
    for row, column in defined:
        right[row, column] = np.nanmean((grid - mean) * windows[row, column]) / variance
    return right


def annuli(score, innermost):
    def gridness(correlogram):
        x, y, radius, middle = measures.lags(correlogram)
        central, scores = measures.central_radius(correlogram), []
        if np.isnan(central):
            return np.nan
        for outer in range(max(3 * central, central + 5), middle + 1):
            ring = (radius > innermost(central)) & (radius <= outer)

            def r(degrees):
                cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
                turned = measures.at(correlogram, cos * x[ring] - sin * y[ring], sin * x[ring] + cos * y[ring])
                return measures.pearson(correlogram[ring], turned)

            scores.append(score([r(60), r(120)], [r(30), r(90), r(150)]))
        return max((one for one in scores if not np.isnan(one)), default=np.nan)

    return {"gridness": gridness}


MEASURES = {
    "rate-map-unvisited-zero": {"rate_map": lambda *a: np.nan_to_num(MEASURED["rate_map"](*a))},
    "rate-map-axes-swapped": {"rate_map": lambda *a: np.swapaxes(MEASURED["rate_map"](*a), 1, 2)},
    "autocorrelogram-one-mean": {"autocorrelogram": one_mean},
    "autocorrelogram-undefined-zero": {"autocorrelogram": lambda *a: np.nan_to_num(MEASURED["autocorrelogram"](*a))},
    "autocorrelogram-without-floor": {"is_constant": lambda p, q, whole: min(p.var(), q.var()) == 0},
    "gridness-none-as-zero": {"gridness": lambda correlogram: MEASURED["gridness"](np.nan_to_num(correlogram))},
    "modules-single-linkage": {"linkage": lambda distances: distances.min()},
    "modules-complete-linkage": {"linkage": lambda distances: distances.max()},
    "modules-last-unit-first": {"by_size": lambda cluster: (-len(cluster), -cluster[-1])},
    "gridness-with-central-peak": annuli(lambda same, other: min(same) - max(other), lambda central: -1),
    "gridness-of-means": annuli(lambda same, other: np.mean(same) - np.mean(other), lambda central: central),
}


def living(states):
    alive = states[np.any(states != 0, axis=-1)]
    return alive if len(alive) else states


def clipped_one_by_one(p, batches, s):
    each = [sic.gradients(p, **batch, velocityScale=s["velocityScale"], settings=s) for batch in batches]
    gradient = RIGHT["accumulate"]([RIGHT["clip_by_global_norm"](g, s["clipNorm"])[0] for g in each])
    return gradient, training.global_norm(RIGHT["accumulate"](each))


def forgetful(rate, *state_and_settings, **settings):
    after = RIGHT["plateau"](rate, *state_and_settings, **settings)
    return (after[0], math.inf, 0) if after[0] != rate else after


def from_config(curriculum, steps, step, **own):
    before = curriculum and step / steps < curriculum[0]["at"]
    return RIGHT["curriculum"]([] if before else curriculum, steps, step, **own)


def edited(function, old, new):
    """A function of the port with one place of its source replaced."""
    source, names = inspect.getsource(function), {}
    if source.count(old) < 1:
        raise ValueError(f"{function.__name__} does not have {old!r}")
    exec(source.replace(old, new), vars(sys.modules[function.__module__]), names)
    return names


# Mistakes that need no code of their own here: one place of the port is written otherwise.
MORE = {
    "lattice-kernel-cut-short": {"kernel_reach": lambda sigma: np.floor(3 * sigma)},
    "lattice-offset-not-cut": {"within_a_bin": lambda offset: offset},
    "lattice-offset-dropped": {"within_a_bin": lambda offset: np.where(np.abs(offset) > 1, 0, offset)},
    "dead-state-replaced": {"norm": lambda z: np.where(np.any(z != 0, axis=-1, keepdims=True), ACTUAL["norm"](z), z.shape[-1] ** -0.5)},
    "dead-states-at-two": {"similarity": lambda states, sigmaG: np.exp((states @ states.T - 1) / sigmaG**2)},
    "gradient-capacity-halved": {"capacity_gradient": lambda rows: ACTUAL["capacity_gradient"](rows) / 2},
    "capacity-of-the-living": {"capacity": lambda states: -np.sum(living(states).mean(axis=0) ** 2)},
    "separation-over-all": {"paired": lambda states, places, pairs: ACTUAL["paired"](states, places, None)},
    "clip-before-mean": {"step_gradient": clipped_one_by_one},
    "cosine-ends-with-the-run": {"warmup_cosine": lambda learningRate, warmup, cosineFloor, steps, step: RIGHT["warmup_cosine"](learningRate, warmup, cosineFloor, steps, min(step, steps))},
    "plateau-best-forgotten": {"plateau": forgetful},
    "curriculum-begins-with-the-config": {"curriculum": from_config},
    "lattice-limit-kept": {"last_peaks": lambda vectors, near: vectors[near]},
    "gridness-undefined-annulus-decides": edited(measures.gridness, "    return max(", "    if scores and np.isnan(scores[0]):\n        return np.nan\n    return max("),
    "gradient-through-the-dead": edited(sic.norm_gradient, "return dr * (z > 0)", "return np.where(length > 0, dr * (z > 0), dg)"),
    "gradient-passes-at-zero": edited(sic.norm_gradient, "(z > 0)", "(z >= 0)"),
    "mask-of-none-undefined": edited(sic.pair_weight, "max(mask.sum(), 1)", "mask.sum()"),
    "near-pairs-apart": edited(sic.near_and_far, "~np.eye(len(places), dtype=bool)", "(distance > 0)"),
    "capacity-of-the-sum": edited(sic.losses, "capacity(capacity_states(states, rows))", 'capacity(capacity_states(states, rows)) * (states[..., 0].size ** 2 if s["reduction"] == "sum" else 1)'),
    "conformal-sum": edited(sic.losses, "terms = dict(sep=sep, inv=inv, cap=cap, con=con)", "con = con * (counted if s[\"reduction\"] == \"sum\" else 1)\n    terms = dict(sep=sep, inv=inv, cap=cap, con=con)"),
    "conformal-of-none-undefined": edited(sic.spread, "if ratios.size else REAL(0)", "if ratios.size > 1 else REAL(np.nan)"),
    "gradient-of-no-move-undefined": edited(sic.conformal_gradient, "counts & (length > 0)", "counts"),
    "adamw-decay-after": edited(training.adamw, "decay(p, learningRate, weightDecay) - learningRate * update(m[k], v[k], step, beta1, beta2, epsilon)", "decay(p - learningRate * update(m[k], v[k], step, beta1, beta2, epsilon), learningRate, weightDecay)"),
    "adamw-largest-second-moment": edited(training.adamw, "v = {k: beta2 * v[k] + (1 - beta2) * g**2", "v = {k: np.maximum(v[k], beta2 * v[k] + (1 - beta2) * g**2)"),
    "adamw-second-moment-unweighted": edited(training.adamw, "(1 - beta2) * g**2", "g**2"),
    "adamw-moments-start-at-one": edited(training.train, "m = v = {k: np.zeros_like(p) for k, p in parameters.items()}", "m, v = ({k: np.full_like(p, start) for k, p in parameters.items()} for start in (0, 1))"),
    "clip-without-gamma": edited(training.global_norm, "for g in gradients.values()", 'for k, g in gradients.items() if k != "gamma"'),
    "clip-at-zero": edited(training.clip_by_global_norm, "if 0 < clipNorm < norm", "if clipNorm < norm"),
    "warmup-of-none-undefined": edited(training.warmup_share, "if warmup else 1", 'if warmup else float("nan")'),
    "warmup-one-step-longer": edited(training.warmup_share, "(step + 1) / warmup", "(step + 1) / (warmup + 1)"),
    "cosine-floor-cut": edited(training.warmup_cosine, "(cosineFloor + (1 - cosineFloor) * cosine)", "max(cosineFloor, cosine)"),
    "constant-without-warmup": edited(training.warmup_of, 'return warmup_share(step, s["warmup"])', 'return 1 if s["schedule"] == "constant" else warmup_share(step, s["warmup"])'),
    "plateau-first-loss-undefined": edited(training.beats, "math.isinf(best) or ", ""),
    "plateau-best-starts-at-zero": edited(training.beats, "math.isinf(best) or loss < best * (1 - threshold)", "loss < (0 if math.isinf(best) else best) * (1 - threshold)"),
    "plateau-count-runs-on": edited(training.plateau, "return rate, loss, 0", "return rate, loss, bad"),
    "plateau-not-strict": edited(training.beats, "loss < best", "loss <= best"),
    "curriculum-jumps-late": edited(training.curriculum, 'knot["at"] <= share', 'knot["at"] < share'),
    "curriculum-toward-zero": edited(training.curriculum, "whole=math.floor", "whole=int"),
    "rate-map-upper-edges": edited(measures.rate_map, "np.minimum(np.floor((positions / sic.REAL(box) + sic.REAL(0.5)) * bins).astype(int), bins - 1)", "np.maximum(np.ceil((positions / sic.REAL(box) + sic.REAL(0.5)) * bins).astype(int) - 1, 0)"),
    "rate-map-nearest-edges": edited(measures.rate_map, "np.floor(", "np.floor(0.5 + "),
    "autocorrelogram-floor-of-its-own": edited(measures.autocorrelogram, "np.nanvar(grid)", "1"),
    "autocorrelogram-fixed-overlap": edited(measures.autocorrelogram, "max(2, minimumOverlap)", "20"),
    "autocorrelogram-covariance": edited(measures.autocorrelogram, "pearson(p[there], q[there])", "np.cov(p[there], q[there], ddof=0)[0, 1] / whole"),
    "gridness-central-without-rise": edited(measures.central_radius, " or mean[r + 1] > mean[r]", ""),
    "gridness-central-to-the-rise": edited(measures.central_radius, "mean[r] <= 0 or ", ""),
    "gridness-central-floor": edited(measures.central_radius, "np.round(radius)", "np.floor(radius)"),
    "gridness-central-none-as-zero": edited(measures.central_radius, "    rings =", "    correlogram = np.nan_to_num(correlogram)\n    rings ="),
    "gridness-central-always": edited(measures.gridness, "    if np.isnan(inner):\n        return np.nan", "    inner = 1 if np.isnan(inner) else inner"),
    "gridness-annuli-from-sum": edited(measures.gridness, "max(3 * inner, inner + 5)", "inner + 5"),
    "gridness-annuli-from-triple": edited(measures.gridness, "max(3 * inner, inner + 5)", "3 * inner"),
    "gridness-annuli-end-early": edited(measures.gridness, "middle + 1)", "middle)"),
    "gridness-mean-of-annuli": edited(measures.gridness, "return max((score for score in scores if not np.isnan(score)), default=np.nan)", "return np.nanmean(scores) if scores else np.nan"),
    "gridness-annulus-with-edge": edited(measures.gridness, "radius > inner", "radius >= inner"),
    "gridness-nearest-lag": edited(measures.at, "np.where(np.abs(lag - np.rint(lag)) < 1e-6, np.rint(lag), lag)", "np.floor(lag + 0.5001)"),
    "lattice-central-always": edited(measures.peaks, "    if np.isnan(inner):\n        return []", "    inner = 1 if np.isnan(inner) else inner"),
    "lattice-narrow-kernel": edited(measures.peaks, "max(1, inner / 4)", "1"),
    "lattice-halves-to-even": edited(measures.half_up, "np.floor(x + 0.5)", "np.rint(x)"),
    "lattice-holes-low": edited(measures.is_highest, "window.ravel()", "np.nan_to_num(window, nan=-9).ravel()"),
    "lattice-peaks-inside-central": edited(measures.peaks, "(radius > inner)", "(radius > 0)"),
    "lattice-peaks-far-out": edited(measures.peaks, "0.8 * (middle + 1)", "(middle + 1)"),
    "lattice-top-of-raw": edited(measures.peaks, "top(smoothed[", "top(correlogram["),
    "lattice-no-top": edited(measures.top, "return within_a_bin(", "return 0 * within_a_bin("),
    "lattice-low-peaks": edited(measures.peaks, "max(0.1, highest / 2)", "highest / 2"),
    "lattice-half-peaks": edited(measures.peaks, "max(0.1, highest / 2)", "0.1"),
    "lattice-height-of-raw": edited(measures.peaks, "found.append((smoothed[row, column]", "found.append((correlogram[row, column]"),
    "lattice-forty-degrees": edited(measures.lattice, "np.radians(25)", "np.radians(40)"),
    "lattice-five-degrees": edited(measures.lattice, "np.radians(25)", "np.radians(5)"),
    "lattice-first-fit-of-all": edited(measures.lattice, "vectors[length <= 2.5 * length[second]])\n", "vectors)\n"),
    "lattice-first-fit-near": edited(measures.lattice, "vectors[length <= 2.5 * length[second]])\n", "vectors[length <= 1.5 * length[second]])\n"),
    "lattice-misfits-kept": edited(measures.fit, "min(np.linalg.norm(basis, axis=1)) / 4", "np.inf"),
    "lattice-quarter-of-longer": edited(measures.fit, "min(np.linalg.norm(", "max(np.linalg.norm("),
    "lattice-fitted-once": edited(measures.lattice, "fit(close, last_peaks(vectors, length <= 2.5 * length[second]))", "close"),
    "lattice-not-reduced": edited(measures.lattice, "shortest(", "tuple("),
    "lattice-orientation-signed": edited(measures.lattice, " % 180", ""),
    "lattice-orientation-from-y": edited(measures.lattice, "np.arctan2(a[1], a[0])", "np.arctan2(a[0], a[1])"),
    "lattice-ellipticity-squared": edited(measures.lattice, '"ellipticity": np.sqrt(', '"ellipticity": np.abs('),
    "modules-to-the-edge": edited(measures.modules, "0.7 * (middle + 1)", "(middle + 1)"),
    "modules-with-central-peak": edited(measures.modules, "radius > inner", "radius >= 0"),
    "modules-upper-median": edited(measures.modules, "radii[(len(radii) - 1) // 2]", "radii[len(radii) // 2]"),
    "modules-largest-radius": edited(measures.modules, "radii[(len(radii) - 1) // 2]", "radii[-1]"),
    "modules-smallest-radius": edited(measures.modules, "radii[(len(radii) - 1) // 2]", "radii[0]"),
    "modules-no-radius-as-zero": edited(measures.modules, "r for r in map(central_radius, correlograms) if not np.isnan(r)", "np.nan_to_num(r) for r in map(central_radius, correlograms)"),
    "modules-no-radius-as-largest": edited(measures.modules, "r for r in map(central_radius, correlograms) if not np.isnan(r)", "np.nan_to_num(r, nan=99) for r in map(central_radius, correlograms)"),
    "modules-no-radius-as-one": edited(measures.modules, "if radii else 0", "if radii else 1"),
    "modules-gaps-as-zero": edited(measures.modules, "pearson(p[ring], q[ring])", "pearson(np.nan_to_num(p[ring]), np.nan_to_num(q[ring]))"),
    "modules-undefined-joined": edited(measures.modules, "for p in correlograms])\n    clusters", "for p in correlograms], nan=1)\n    clusters"),
    "modules-middle-of-extremes": edited(measures.linkage, "distances.mean()", "(distances.min() + distances.max()) / 2"),
    "modules-either-sign": edited(measures.modules, "[[pearson(p[ring], q[ring])", "[[abs(pearson(p[ring], q[ring]))"),
    "modules-larger-than-minimum": edited(measures.modules, "len(c) >= minimumSize", "len(c) > minimumSize"),
    "modules-by-lowest-unit": edited(measures.by_size, "-len(cluster), cluster[0]", "cluster[0]"),
}

# Mistakes that nobody is likely to make, and that are no known misreadings: the vectors must catch them, and nothing may be named.
STRANGERS = {
    "step-doubled": {"step": lambda W, g: 2 * ACTUAL["step"](W, g)},
    "gaussian-of-thirds": edited(sic.similarity, "2 * sigmaG**2", "3 * sigmaG**2"),
    "far-and-near-summed": {**edited(sic.pair_weight, "if reduction", "if False and reduction"), **bump(lambda d2, sigma: np.exp(-d2 / sigma**2))},
    "adamw-third-root": edited(training.update, "np.sqrt(v / (1 - beta2 ** (step + 1)))", "(v / (1 - beta2 ** (step + 1))) ** 0.33"),
    "gridness-of-sixty-alone": edited(measures.gridness, "min(r(60), r(120))", "r(60)"),
}

NAMES = [*NETWORK, *LOSSES, *GRADIENTS, *TRAINING, *MEASURES, *MORE, *STRANGERS]


def mutate(name):
    """Puts a mistake into the port. Returns the modules in which it stands."""
    places = [(sic, NETWORK), (sic, LOSSES), (sic, GRADIENTS), (training, TRAINING), (measures, MEASURES)]
    changes = [(module, change) for module, mutants in places for change in mutants.get(name, {}).items()]
    for function, replacement in {**MORE, **STRANGERS}.get(name, {}).items():
        module = next(module for module in (training, measures, sic) if hasattr(module, function))
        changes.append((module, (function, replacement)))
    for module, (function, replacement) in changes:
        setattr(module, function, replacement)
    return {module for module, _ in changes}


if __name__ == "__main__":
    if sys.argv[1] not in NAMES:
        sys.exit(f"no mutant {sys.argv[1]!r}")
    mutate(sys.argv[1])
    sic_numpy_port.serve()
