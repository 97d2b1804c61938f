"""SIC's training in NumPy: the optimiser, its schedules, and whole training steps. Parameters, gradients and moments are dicts of arrays."""

import math

import numpy as np

import sic


def decay(p, learningRate, weightDecay):
    """Decoupled: the weights shrink by themselves, never through the gradient."""
    return p * sic.REAL(1 - learningRate * weightDecay)


def adamw(parameters, gradients, m, v, step, learningRate, beta1, beta2, epsilon, weightDecay):  # T1
    """One step, counted from 0."""
    m = {k: beta1 * m[k] + (1 - beta1) * g for k, g in gradients.items()}
    v = {k: beta2 * v[k] + (1 - beta2) * g**2 for k, g in gradients.items()}
    parameters = {
        k: decay(p, learningRate, weightDecay) - learningRate * update(m[k], v[k], step, beta1, beta2, epsilon)
        for k, p in parameters.items()
    }
    return parameters, m, v


def update(m, v, step, beta1, beta2, epsilon):
    return m / (1 - beta1 ** (step + 1)) / (np.sqrt(v / (1 - beta2 ** (step + 1))) + epsilon)


def global_norm(gradients):
    return np.sqrt(sum(np.sum(g * g) for g in gradients.values()))


def clip_by_global_norm(gradients, clipNorm):  # T2; a clip of 0 is none
    norm = global_norm(gradients)
    factor = sic.REAL(clipNorm / norm if 0 < clipNorm < norm else 1)
    return {k: g * factor for k, g in gradients.items()}, norm


def accumulate(gradients):  # T3
    return {k: sum(g[k] for g in gradients) / len(gradients) for k in gradients[0]}


def warmup_share(step, warmup):
    return min(1, (step + 1) / warmup) if warmup else 1


def warmup_cosine(learningRate, warmup, cosineFloor, steps, step):  # T4
    cosine = (1 + math.cos(math.pi * step / steps)) / 2
    return learningRate * warmup_share(step, warmup) * (cosineFloor + (1 - cosineFloor) * cosine)


def beats(loss, best, threshold):
    return math.isinf(best) or loss < best * (1 - threshold)


def plateau(rate, best, bad, loss, plateauFactor, plateauPatience, plateauThreshold):  # T5
    """The learning rate, the best loss, and the number of losses since then that were no better."""
    if beats(loss, best, plateauThreshold):
        return rate, loss, 0
    return (rate * plateauFactor, best, 0) if bad + 1 > plateauPatience else (rate, best, bad + 1)


def plateaus(learningRate, losses, **settings):
    now, rates = (learningRate, math.inf, 0), []
    for loss in losses:
        now = plateau(*now, loss, **settings)
        rates.append(now[0])
    return rates


def curriculum(curriculum, steps, step, whole=math.floor, **own):  # T6
    share, knots = step / steps, [{**own, **knot} for knot in curriculum] or [{"at": 0, **own}]
    passed = sum(knot["at"] <= share for knot in knots)
    a, b = knots[max(passed - 1, 0)], knots[min(passed, len(knots) - 1)]
    q = (share - a["at"]) / (b["at"] - a["at"]) if b["at"] > a["at"] else 0
    line = {key: a[key] + (b[key] - a[key]) * q for key in own}
    return {**line, "timesteps": a["timesteps"] + whole((b["timesteps"] - a["timesteps"]) * q)}


def loss_settings_at(step, s):  # T6 within training
    names = ("steps", "sigmaG", "lambdaInv", "lambdaCap")
    moved = curriculum(s.get("curriculum", []), step=step, timesteps=0, **{name: s[name] for name in names})
    return {**s, **moved}


def step_gradient(p, batches, s):
    """The clipped mean gradient of a step's batches, and its norm before clipping."""
    each = [sic.gradients(p, **batch, velocityScale=s["velocityScale"], settings=s) for batch in batches]
    return clip_by_global_norm(accumulate(each), s["clipNorm"])


def warmup_of(step, s):
    """The warm-up stays where there is no cosine."""
    return warmup_share(step, s["warmup"])


def loss_of_step(totals):
    return np.mean(totals)


def train(parameters, batches, settings):  # T1 to T6, one list of batches a step
    m = v = {k: np.zeros_like(p) for k, p in parameters.items()}
    slow, out = (settings["learningRate"], math.inf, 0), {"learningRates": [], "gradientNorms": [], "totals": []}
    for step, group in enumerate(batches):
        s = loss_settings_at(step, settings)
        totals = [sic.losses(parameters, **batch, velocityScale=s["velocityScale"], settings=s)["total"] for batch in group]
        gradient, norm = step_gradient(parameters, group, s)
        if s["schedule"] == "cosine":
            rate = warmup_cosine(s["learningRate"], s["warmup"], s["cosineFloor"], s["steps"], step)
        else:
            rate = slow[0] * warmup_of(step, s)
        parameters, m, v = adamw(parameters, gradient, m, v, step, rate, s["beta1"], s["beta2"], s["epsilon"], s["weightDecay"])
        if s["schedule"] == "plateau":
            slow = plateau(*slow, loss_of_step(totals), *(s["plateau" + key] for key in ("Factor", "Patience", "Threshold")))
        for key, value in (("learningRates", rate), ("gradientNorms", norm), ("totals", totals)):
            out[key].append(value)
    return {"parameters": parameters, **out}
