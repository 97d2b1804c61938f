"""Gridness of rate maps by a toolbox: python3 gridness.py NAME < maps.json > NAME.json (see README.md beside this file)."""

import json
import platform
import sys
import warnings
from importlib.metadata import version

import numpy as np

warnings.filterwarnings("ignore")
toolbox = sys.argv[1]


def by_opexebo(rates):
    from opexebo.analysis import autocorrelation, grid_score

    return grid_score(autocorrelation(rates))[0]


def by_spatial_maps(rates):
    from spatial_maps import gridness

    return gridness(rates)


def score(numbers):
    """The gridness, or null where the toolbox gives no number or fails."""
    rates = np.array(numbers, dtype=float)
    try:
        value = float({"opexebo": by_opexebo, "spatial-maps": by_spatial_maps}[toolbox](rates))
    except Exception:
        return None
    return round(value, 6) if np.isfinite(value) else None


populations = [{"name": one["name"], "gridness": [score(map) for map in one["maps"]]} for one in json.load(sys.stdin)]
versions = {"python": platform.python_version(), **{name: version(name) for name in [toolbox, "numpy", "scipy"]}}
json.dump({"versions": versions, "populations": populations}, sys.stdout, indent=1)
print()
