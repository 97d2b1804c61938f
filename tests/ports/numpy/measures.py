"""SIC's measures in NumPy: rate maps, autocorrelograms, gridness, lattices and modules. Grids are [y][x]; NaN marks what has no value."""

import numpy as np

import sic


def rate_map(positions, states, bins, box):  # M2: [units][y][x]
    x, y = np.minimum(np.floor((positions / sic.REAL(box) + sic.REAL(0.5)) * bins).astype(int), bins - 1).T
    sums, visits = np.zeros((bins, bins, states.shape[1]), dtype=sic.REAL), np.zeros((bins, bins, 1), dtype=sic.REAL)
    np.add.at(sums, (y, x), states)
    np.add.at(visits, (y, x), 1)
    return np.moveaxis(np.divide(sums, visits, out=np.full_like(sums, np.nan), where=visits > 0), -1, 0)


def pearson(p, q):
    there = ~np.isnan(p) & ~np.isnan(q)
    if not there.any():
        return np.nan
    p, q = p[there] - p[there].mean(), q[there] - q[there].mean()
    return np.sum(p * q) / np.sqrt(np.sum(p * p) * np.sum(q * q))


def autocorrelogram(grid, minimumOverlap):  # M3
    bins, whole = len(grid), np.nanvar(grid)
    out = np.full((2 * bins - 1, 2 * bins - 1), np.nan, dtype=sic.REAL)
    for lagY in range(1 - bins, bins):
        for lagX in range(1 - bins, bins):
            p = grid[max(0, -lagY) : bins - max(0, lagY), max(0, -lagX) : bins - max(0, lagX)]
            q = grid[max(0, lagY) : bins - max(0, -lagY), max(0, lagX) : bins - max(0, -lagX)]
            there = ~np.isnan(p) & ~np.isnan(q)
            if there.sum() < max(2, minimumOverlap) or is_constant(p[there], q[there], whole):
                continue
            out[lagY + bins - 1, lagX + bins - 1] = pearson(p[there], q[there]) if whole > 0 else np.nan
    return out


def lags(correlogram):
    """The lags (x, y) of an autocorrelogram, in bins, and their distance from the middle."""
    middle = (len(correlogram) - 1) // 2
    y, x = np.indices(correlogram.shape) - middle
    return x, y, np.hypot(x, y), middle


def central_radius(correlogram):
    """Where the mean over rings first is 0 or less, or rises again; NaN if it never does."""
    _, _, radius, middle = lags(correlogram)
    rings = [correlogram[(np.round(radius) == r) & ~np.isnan(correlogram)] for r in range(middle + 1)]
    mean = [ring.mean() if ring.size else np.nan for ring in rings]
    return next((r for r in range(1, middle) if mean[r] <= 0 or mean[r + 1] > mean[r]), np.nan)


def at(correlogram, x, y):
    """The value at lags between the bins, bilinear; NaN outside."""
    middle, size, value = (len(correlogram) - 1) // 2, len(correlogram), 0
    x, y = (np.where(np.abs(lag - np.rint(lag)) < 1e-6, np.rint(lag), lag) for lag in (x, y))
    for row, weightY in ((np.floor(y), 1 - (y - np.floor(y))), (np.ceil(y), y - np.floor(y))):
        for column, weightX in ((np.floor(x), 1 - (x - np.floor(x))), (np.ceil(x), x - np.floor(x))):
            r, c = row.astype(int) + middle, column.astype(int) + middle
            inside = (r >= 0) & (r < size) & (c >= 0) & (c < size)
            there = correlogram[np.clip(r, 0, size - 1), np.clip(c, 0, size - 1)]
            value = value + weightX * weightY * np.where(inside, there, np.nan)
    return value


def gridness(correlogram):  # M4
    x, y, radius, middle = lags(correlogram)
    inner, scores = central_radius(correlogram), []
    if np.isnan(inner):
        return np.nan
    for outer in range(max(3 * inner, inner + 5), middle + 1):
        ring = (radius > inner) & (radius <= outer)

        def r(degrees):
            cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
            turned = at(correlogram, cos * x[ring] - sin * y[ring], sin * x[ring] + cos * y[ring])
            return pearson(correlogram[ring], turned)

        scores.append(min(r(60), r(120)) - max(r(30), r(90), r(150)))
    return max((score for score in scores if not np.isnan(score)), default=np.nan)


def kernel_reach(sigma):
    return np.ceil(3 * sigma)


def smooth(grid, sigma):
    """Gaussian means over what is there, up to 3 standard deviations along each axis; NaN stays."""
    reach = int(kernel_reach(sigma))
    dy, dx = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    weights = np.exp(-(dx**2 + dy**2) / (2 * sigma**2)).astype(sic.REAL)
    padded = np.pad(grid, reach, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, weights.shape)
    there = ~np.isnan(windows)
    means = np.sum(np.where(there, windows, 0) * weights, axis=(2, 3)) / np.maximum(np.sum(there * weights, axis=(2, 3)), 1e-30)
    return np.where(np.isnan(grid), np.nan, means)


def within_a_bin(offset):
    return np.clip(offset, -1, 1)


def top(values):
    """The top of the paraboloid fitted to 3 x 3 values, at most 1 away along each axis."""
    y, x = (axis.ravel() for axis in np.mgrid[-1:2, -1:2])
    _, c1, c2, c3, c4, c5 = np.linalg.lstsq(np.stack([x**0, x, y, x * x, x * y, y * y], axis=1), values.ravel(), rcond=None)[0]
    if not (4 * c3 * c5 - c4 * c4 > 0 and c3 < 0):
        return np.zeros(2)
    return within_a_bin(np.linalg.solve([[2 * c3, c4], [c4, 2 * c5]], [-c1, -c2]))


def half_up(x):
    return np.floor(x + 0.5)


def is_highest(window):
    """Whether the middle of a window is its highest value; of equal ones the last in reading order."""
    flat, middle = window.ravel(), window.size // 2
    return np.all(flat[:middle] <= flat[middle]) and np.all(flat[middle + 1 :] < flat[middle])


def peaks(correlogram):
    """Peaks that may carry a lattice, [x, y] in bins, nearest first."""
    x, y, radius, middle = lags(correlogram)
    inner = central_radius(correlogram)
    if np.isnan(inner):
        return []
    reach, smoothed = int(max(2, half_up(inner / 2))), smooth(correlogram, max(1, inner / 4))
    padded = np.pad(smoothed, reach, constant_values=np.nan)
    upper = (y > 0) | ((y == 0) & (x > 0))
    found = []
    for row, column in np.argwhere(upper & (radius > inner) & (radius <= 0.8 * (middle + 1))):
        if is_highest(padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1]):
            place = np.array([column - middle, row - middle]) + top(smoothed[row - 1 : row + 2, column - 1 : column + 2])
            found.append((smoothed[row, column], place))
    highest = max((height for height, _ in found), default=0)
    return sorted((v for height, v in found if height >= max(0.1, highest / 2)), key=np.linalg.norm)


def cross(v, w):
    return v[0] * w[1] - v[1] * w[0]


def fit(basis, vectors):
    """The basis that fits the peaks best, each taken for the lattice point next to it."""
    numbers = half_up(vectors @ np.linalg.inv(basis))
    near = np.linalg.norm(vectors - numbers @ basis, axis=1) <= min(np.linalg.norm(basis, axis=1)) / 4
    return np.linalg.lstsq(numbers[near], vectors[near], rcond=None)[0]


def shortest(basis):
    """The two shortest independent vectors of a lattice at an angle of at most 90 degrees."""
    numbers = [(m, n) for m in range(-4, 5) for n in range(-4, 5) if m or n]
    vectors = sorted((np.array(pair) @ basis for pair in numbers), key=np.linalg.norm)
    a = vectors[0]
    return a, next(v for v in vectors if abs(cross(a, v)) > 1e-6 * np.linalg.norm(a) * np.linalg.norm(v) and a @ v >= 0)


def last_peaks(vectors, near):
    """The peaks of the second fit: all of them."""
    return vectors


def lattice(correlogram, binWidth):  # M6
    vectors = np.array(peaks(correlogram)).reshape(-1, 2)
    length = np.linalg.norm(vectors, axis=1)
    independent = [k for k, v in enumerate(vectors) if abs(cross(vectors[0], v)) >= np.sin(np.radians(25)) * length[0] * length[k]]
    if not independent:
        return {"spacing": None, "angle": None, "orientation": None, "ellipticity": None}
    second = independent[0]
    close = fit(vectors[[0, second]], vectors[length <= 2.5 * length[second]])
    a, b = shortest(fit(close, last_peaks(vectors, length <= 2.5 * length[second])) * binWidth)
    toIndex = np.linalg.inv(np.stack([a, b], axis=1))
    (p, q), (_, r) = toIndex.T @ np.array([[1, 0.5], [0.5, 1]]) @ toIndex
    spread = np.hypot((p - r) / 2, q)
    return {
        "spacing": np.linalg.norm([a, b], axis=1),
        "angle": np.degrees(np.arccos(min(1, a @ b / np.linalg.norm(a) / np.linalg.norm(b)))),
        "orientation": np.degrees(np.arctan2(a[1], a[0])) % 180,
        "ellipticity": np.sqrt(((p + r) / 2 + spread) / ((p + r) / 2 - spread)),
    }


def linkage(distances):
    return distances.mean()


def by_size(cluster):
    return -len(cluster), cluster[0]


def is_constant(p, q, whole):
    """Whether a lag has no correlation, because either side hardly varies."""
    return min(p.var(), q.var()) < 1e-9 * whole


def modules(correlograms, cut, minimumSize):  # M8: average linkage
    radii = sorted(r for r in map(central_radius, correlograms) if not np.isnan(r))
    inner = radii[(len(radii) - 1) // 2] if radii else 0
    _, _, radius, middle = lags(correlograms[0])
    ring = (radius > inner) & (radius <= 0.7 * (middle + 1))
    apart = 1 - np.nan_to_num([[pearson(p[ring], q[ring]) for q in correlograms] for p in correlograms])
    clusters = [[unit] for unit in range(len(correlograms))]
    while len(clusters) > 1:
        pairs = [(linkage(apart[np.ix_(p, q)]), i, j) for i, p in enumerate(clusters) for j, q in enumerate(clusters) if i < j]
        distance, i, j = min(pairs)
        if distance > cut:
            break
        clusters = [c for k, c in enumerate(clusters) if k not in (i, j)] + [clusters[i] + clusters[j]]
    return sorted((sorted(c) for c in clusters if len(c) >= minimumSize), key=by_size)
