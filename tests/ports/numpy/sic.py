"""SIC's data, network, losses and their gradients in NumPy: one function an equation, under its number in spec/."""

import sys

import numpy as np

REAL = np.float64 if "--float64" in sys.argv else np.float32


def real(values):
    return np.asarray(values, dtype=REAL)


# --- Data and network -------------------------------------------------------------------------------------------------


def relu(z):
    return np.maximum(z, 0)


def norm(z):
    """z / ||z|| along the last axis; a zero vector stays zero."""
    length = np.sqrt(np.sum(z * z, axis=-1, keepdims=True))
    return np.divide(z, length, out=np.zeros_like(z), where=length > 0)


def path(order):
    """Which velocity each trajectory takes at each step: [B][T] -> [T][B]."""
    return np.transpose(order)


def positions(velocities, order):  # D3
    return np.cumsum(velocities[path(order)], axis=0)


def hidden(p, velocities, velocityScale):
    """The MLP's inputs and its two hidden layers, a row for each velocity."""
    h0 = velocities / REAL(velocityScale)
    h1 = relu(h0 @ p["A1"] + p["a1"])
    return h0, h1, relu(h1 @ p["A2"] + p["a2"])


def transition(p, velocities, velocityScale):  # N1: [T][2] -> [T][N][N]
    units = len(p["gamma"])
    return (hidden(p, velocities, velocityScale)[2] @ p["A3"] + p["a3"]).reshape(-1, units, units)


def initial_state(gamma):  # N2
    return norm(relu(gamma))


def step(W, state):  # N3: W[i][j] leads from unit j to unit i
    return norm(relu(np.einsum("...ij,...j->...i", W, state)))


def rollout(p, velocities, order, velocityScale):  # N3, once for each velocity on the way
    W, initial = transition(p, velocities, velocityScale), initial_state(p["gamma"])
    states = [np.tile(initial, (len(order), 1))]
    for k in path(order):
        states.append(step(W[k], states[-1]))
    return initial, np.stack(states[1:])


# --- Losses -----------------------------------------------------------------------------------------------------------


def squared_distances(rows):
    return np.sum((rows[:, None] - rows[None, :]) ** 2, axis=-1)


def near_and_far(places, sigmaX):
    """Masks over ordered pairs i != j; both inequalities are strict."""
    distance = np.sqrt(squared_distances(places))
    return (distance < REAL(sigmaX)) & ~np.eye(len(places), dtype=bool), distance > REAL(sigmaX)


def pair_weight(mask, reduction):
    return 1 / max(mask.sum(), 1) if reduction == "mean" else 1


def similarity(states, sigmaG):
    return np.exp(-squared_distances(states) / REAL(2 * sigmaG**2))


def separation(states, places, sigmaX, sigmaG, reduction):  # L1
    far = near_and_far(places, sigmaX)[1]
    return np.sum(similarity(states, sigmaG)[far]) * pair_weight(far, reduction), far.sum()


def invariance(states, places, sigmaX, reduction):  # L2
    near = near_and_far(places, sigmaX)[0]
    return np.sum(squared_distances(states)[near]) * pair_weight(near, reduction), near.sum()


def capacity(states):  # L3
    return -np.sum(states.mean(axis=0) ** 2)


def moves(initial, states, velocities, order, sigmaS, sigmaC):
    """Of each step: the move in state space, its length, the speed, and whether the step counts."""
    before = np.concatenate([np.broadcast_to(initial, (1, *states.shape[1:])), states[:-1]])
    move, speed = states - before, np.sqrt(np.sum(velocities**2, axis=-1))[path(order)]
    return move, np.sqrt(np.sum(move**2, axis=-1)), speed, (speed > REAL(sigmaS)) & (speed < REAL(sigmaC))


def conformal_isometry(initial, states, velocities, order, sigmaS, sigmaC):  # L4
    _, length, speed, counts = moves(initial, states, velocities, order, sigmaS, sigmaC)
    return spread(length[counts] / speed[counts]), counts.sum()


def spread(ratios):
    return np.var(ratios) if ratios.size else REAL(0)


def paired(states, places, pairs):
    """Indices of some states, or of all, and these states and positions, flattened to [P]."""
    chosen = np.arange(states.shape[0] * states.shape[1]) if pairs is None else np.asarray(pairs, dtype=int)
    return chosen, states.reshape(-1, states.shape[-1])[chosen], places.reshape(-1, 2)[chosen]


def invariance_states(pairs):
    """L2 is taken over all states, whichever are drawn for L1."""
    return None


def capacity_states(states, rows):
    """L3 sees all states, also where only some are drawn for the pairs."""
    return states.reshape(-1, states.shape[-1])


def used(settings):
    """The settings as the losses use them."""
    return settings


def losses(p, velocities, order, velocityScale, settings, pairs=None):  # L5
    s = used(settings)
    initial, states = rollout(p, velocities, order, velocityScale)
    places = positions(velocities, order)
    _, rows, drawn = paired(states, places, pairs)
    sep, far = separation(rows, drawn, s["sigmaX"], s["sigmaG"], s["reduction"])
    inv, near = invariance(*paired(states, places, invariance_states(pairs))[1:], s["sigmaX"], s["reduction"])
    cap = capacity(capacity_states(states, rows))
    con, counted = conformal_isometry(initial, states, velocities, order, s["sigmaS"], s["sigmaC"])
    terms = dict(sep=sep, inv=inv, cap=cap, con=con)
    counts = dict(nearCount=near, farCount=far, conCount=counted, deadStates=dead(states))
    return {**terms, "total": total(**terms, s=s), **counts}


def total(sep, inv, cap, con, s):
    return s["lambdaSep"] * sep + s["lambdaInv"] * inv + s["lambdaCap"] * cap + s["lambdaCon"] * con


def dead(states):
    return np.sum(np.all(states == 0, axis=-1))


# --- Gradients --------------------------------------------------------------------------------------------------------


def pair_gradient(rows, slope):
    """Of a sum whose pair (i, j) has the slope with respect to its squared distance; (j, i) is a pair, too, so each counts twice."""
    return real(4 * (slope.sum(axis=1, keepdims=True) * rows - slope @ rows))


def separation_gradient(rows, places, s):
    far = near_and_far(places, s["sigmaX"])[1]
    weight = -s["lambdaSep"] * pair_weight(far, s["reduction"]) / (2 * s["sigmaG"] ** 2)
    return pair_gradient(rows, weight * far * similarity(rows, s["sigmaG"]))


def invariance_gradient(rows, places, s):
    near = near_and_far(places, s["sigmaX"])[0]
    return pair_gradient(rows, s["lambdaInv"] * pair_weight(near, s["reduction"]) * near)


def capacity_gradient(rows):
    """With respect to each state, the same for all."""
    return REAL(-2 / len(rows)) * rows.mean(axis=0)


def conformal_gradient(initial, states, velocities, order, sigmaS, sigmaC):
    """With respect to the initial state and to all others; that of a move's length is 0 where the move is 0."""
    move, length, speed, counts = moves(initial, states, velocities, order, sigmaS, sigmaC)
    ratio = np.divide(length, speed, out=np.zeros_like(length), where=counts)
    slope = np.where(counts, 2 * (ratio - ratio.sum() / max(counts.sum(), 1)) / max(counts.sum(), 1), 0)
    scale = np.divide(slope, length * speed, out=np.zeros_like(length), where=counts & (length > 0))
    dmove = real(scale[..., None] * move)
    dbefore = -dmove
    return dbefore[0].sum(axis=0), dmove + np.concatenate([dbefore[1:], np.zeros_like(dmove[:1])])


def norm_gradient(z, dg):
    """Back through norm(relu(z)); nothing comes back from a dead state."""
    r = relu(z)
    length, g = np.sqrt(np.sum(r * r, axis=-1, keepdims=True)), norm(r)
    dr = np.divide(dg - g * np.sum(g * dg, axis=-1, keepdims=True), length, out=np.zeros_like(dg), where=length > 0)
    return dr * (z > 0)


def passing(h):
    """The hidden units through which a gradient passes: those that the ReLU has left above 0."""
    return h > 0


def step_gradient(W, state, dg):
    """Back through a step: with respect to W and to the state before it."""
    dz = norm_gradient(np.einsum("bij,bj->bi", W, state), dg)
    return dz[:, :, None] * state[:, None, :], np.einsum("bij,bi->bj", W, dz)


def gradients(p, velocities, order, velocityScale, settings, pairs=None):
    s = settings
    initial, states = rollout(p, velocities, order, velocityScale)
    W = transition(p, velocities, velocityScale)
    places = positions(velocities, order)

    dpairs = np.zeros((states.shape[0] * states.shape[1], states.shape[2]), dtype=REAL)
    for gradient, some in ((separation_gradient, pairs), (invariance_gradient, invariance_states(pairs))):
        chosen, rows, there = paired(states, places, some)
        np.add.at(dpairs, chosen, gradient(rows, there, s))
    dcap = capacity_gradient(states.reshape(dpairs.shape))
    dinitial, dcon = conformal_gradient(initial, states, velocities, order, s["sigmaS"], s["sigmaC"])
    dstates = dpairs.reshape(states.shape) + REAL(s["lambdaCap"]) * dcap + REAL(s["lambdaCon"]) * dcon

    dW, carry = np.zeros_like(W), np.zeros_like(states[0])
    before = [np.broadcast_to(initial, states[0].shape), *states[:-1]]
    for k, state, dg in reversed(list(zip(path(order), before, dstates))):
        dWk, carry = step_gradient(W[k], state, dg + carry)
        np.add.at(dW, k, dWk)

    h0, h1, h2 = hidden(p, velocities, velocityScale)
    dW = dW.reshape(len(velocities), -1)
    dz2 = (dW @ p["A3"].T) * passing(h2)
    dz1 = (dz2 @ p["A2"].T) * passing(h1)
    dgamma = norm_gradient(p["gamma"], carry.sum(axis=0) + REAL(s["lambdaCon"]) * dinitial)
    layers = dict(A1=h0.T @ dz1, a1=dz1.sum(axis=0), A2=h1.T @ dz2, a2=dz2.sum(axis=0))
    return {**layers, "A3": h2.T @ dW, "a3": dW.sum(axis=0), "gamma": dgamma}
