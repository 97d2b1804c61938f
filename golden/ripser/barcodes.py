"""Barcodes of point clouds by ripser.py: python3 barcodes.py < clouds.json > barcodes.json (see README.md beside this file)."""

import json
import platform
import sys
from importlib.metadata import version

import numpy as np
from ripser import ripser
from scipy.spatial.distance import pdist, squareform


def barcode(one):
    distances = squareform(pdist(np.array(one["points"])))
    diagrams = ripser(distances, distance_matrix=True, maxdim=2, coeff=one["parameters"]["prime"])["dgms"]
    # float32 has 7 digits; null: never dies
    return [
        [[round(float(birth), 7), None if np.isinf(death) else round(float(death), 7)] for birth, death in diagram]
        for diagram in diagrams
    ]


clouds = [{"parameters": one["parameters"], "bars": barcode(one)} for one in json.load(sys.stdin)]
packages = ["ripser", "numpy", "scipy"]
versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
print("{")
print(f' "versions": {json.dumps(versions)},')
print(' "clouds": [')
print(",\n".join(f"  {json.dumps(one)}" for one in clouds))
print(" ]\n}")
