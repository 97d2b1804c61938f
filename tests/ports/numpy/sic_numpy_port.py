"""SIC in NumPy behind the port protocol (spec/ports.md). Run: python3 sic_numpy_port.py [--float64]"""

import json
import sys

import numpy as np

import measures
import sic
import training
from sic import real


def reals(p):
    """A set of parameters, or of gradients, as arrays."""
    return {name: real(values) for name, values in p.items()}


def batch(velocities, order, pairs=None):
    return {"velocities": real(velocities), "order": order, "pairs": pairs}


# Each operation's arguments are the fields of its input; it returns the fields of its output.


def positions(velocities, order):
    return {"positions": sic.positions(real(velocities), order)}


def transition(parameters, velocity, velocityScale):
    return {"W": sic.transition(reals(parameters), real([velocity]), velocityScale)[0]}


def initial_state(gamma):
    return {"state": sic.initial_state(real(gamma))}


def step(W, state):
    return {"state": sic.step(real(W), real(state))}


def rollout(parameters, velocities, order, velocityScale):
    initial, states = sic.rollout(reals(parameters), real(velocities), order, velocityScale)
    return {"initial": initial, "states": states, "deadStates": sic.dead(states)}


def separation(states, positions, sigmaX, sigmaG, reduction):
    return counted(sic.separation(real(states), real(positions), sigmaX, sigmaG, reduction))


def invariance(states, positions, sigmaX, reduction):
    return counted(sic.invariance(real(states), real(positions), sigmaX, reduction))


def capacity(states):
    return {"value": sic.capacity(real(states))}


def conformal_isometry(initial, states, velocities, order, sigmaS, sigmaC):
    return counted(sic.conformal_isometry(real(initial), real(states), real(velocities), order, sigmaS, sigmaC))


def counted(pair):
    return {"value": pair[0], "count": pair[1]}


def losses(parameters, velocityScale, settings, **data):
    return sic.losses(reals(parameters), velocityScale=velocityScale, settings=settings, **batch(**data))


def gradients(parameters, velocityScale, settings, **data):
    return sic.gradients(reals(parameters), velocityScale=velocityScale, settings=settings, **batch(**data))


def adamw(parameters, gradients, m, v, **settings):
    names = ("parameters", "m", "v")
    return dict(zip(names, training.adamw(reals(parameters), reals(gradients), reals(m), reals(v), **settings)))


def clip(gradients, clipNorm):
    return dict(zip(("gradients", "norm"), training.clip_by_global_norm(reals(gradients), clipNorm)))


def accumulate(gradients):
    return {"gradients": training.accumulate([reals(g) for g in gradients])}


def schedule(at, **settings):
    return {"learningRates": [training.warmup_cosine(step=s, **settings) for s in at]}


def plateau(**settings):
    return {"learningRates": training.plateaus(**settings)}


def curriculum(at, **settings):
    rows = [training.curriculum(step=s, **settings) for s in at]
    return {key: [row[key] for row in rows] for key in ("timesteps", "sigmaG", "lambdaInv", "lambdaCap")}


def train(parameters, batches, settings):
    return training.train(reals(parameters), [[batch(**data) for data in group] for group in batches], settings)


def nullable(values):
    """NaN, which JSON does not have, as null."""
    return np.where(np.isnan(values), None, values)


def rate_map(positions, states, bins, box):
    return {"maps": nullable(measures.rate_map(real(positions), real(states), bins, box))}


def autocorrelogram(map, minimumOverlap):
    return {"autocorrelogram": nullable(measures.autocorrelogram(real(map), minimumOverlap))}


def gridness(autocorrelogram):
    return {"gridness": nullable(measures.gridness(real(autocorrelogram)))}


def lattice(autocorrelogram, binWidth):
    return measures.lattice(real(autocorrelogram), binWidth)


def modules(autocorrelograms, cut, minimumSize):
    return {"modules": measures.modules([real(each) for each in autocorrelograms], cut, minimumSize)}


OPERATIONS = {
    "positions": positions, "transition": transition, "initialState": initial_state, "step": step, "rollout": rollout,
    "separation": separation, "invariance": invariance, "capacity": capacity, "conformalIsometry": conformal_isometry,
    "losses": losses, "gradients": gradients, "adamw": adamw, "clip": clip, "accumulate": accumulate,
    "schedule": schedule, "plateau": plateau, "curriculum": curriculum, "train": train,
    "rateMap": rate_map, "autocorrelogram": autocorrelogram, "gridness": gridness, "lattice": lattice, "modules": modules,
}  # fmt: skip


def hello(protocol):
    precision = np.dtype(sic.REAL).name
    return {"protocol": protocol, "name": "sic-numpy", "language": "Python", "precision": precision, "version": "2.1.1", "operations": list(OPERATIONS)}


def answer(operation, arguments):
    operations = {"hello": hello, **OPERATIONS}
    if operation not in operations:
        raise ValueError(f"no operation {operation!r}")
    return operations[operation](**arguments)


def reply(request):
    try:
        output = {"id": request["id"], "output": answer(request["operation"], request["input"])}
        return json.dumps(output, default=lambda array: array.tolist(), allow_nan=False)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return json.dumps({"id": request["id"], "error": f"{type(error).__name__}: {error}"})


def serve():
    for line in sys.stdin:
        print(reply(json.loads(line)), flush=True)


if __name__ == "__main__":
    serve()
