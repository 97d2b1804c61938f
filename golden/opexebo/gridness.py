"""Gridness of rate maps by opexebo: python3 gridness.py < maps.json > gridness.json (see README.md beside this file)."""

import json
import platform
import sys
import warnings
from importlib.metadata import version

import numpy as np
from opexebo.analysis import autocorrelation, grid_score

warnings.filterwarnings("ignore")


def score(one):
    bins = one["parameters"]["bins"]
    value, _ = grid_score(autocorrelation(np.array(one["map"]).reshape(bins, bins)))
    return round(float(value), 6)


maps = [{"parameters": one["parameters"], "opexebo": score(one)} for one in json.load(sys.stdin)]
packages = ["opexebo", "numpy", "scipy", "scikit-image", "opencv-python", "astropy"]
versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
json.dump({"versions": versions, "maps": maps}, sys.stdout, indent=1)
print()
