"""The NumPy port with settings that it cannot change, whatever a request says: python3 fixed.py [NAME=VALUE ...] [--float64]"""

import json
import sys

import sic_numpy_port

OWN = {"sigmaS": 0, "sigmaC": "sigmaX", "pairs": "all"}
GIVEN = dict(word.split("=") for word in sys.argv[1:] if "=" in word)


def forced(place):
    """An input, or a part of it, with the port's own settings in place of those that are asked for."""
    out = {name: value for name, value in place.items() if name != "pairs"}
    if "sigmaS" in out:
        out["sigmaS"] = 0
        out["sigmaC"] = out.get("sigmaX", out["sigmaC"])
    if "settings" in out:
        out["settings"] = forced(out["settings"])
    if "batches" in out:
        out["batches"] = [[forced(batch) for batch in group] for group in out["batches"]]
    return out


def fixed(hello):
    """The answer to hello with the port's settings, or with those of the command line."""
    given = {name: json.loads(value) for name, value in GIVEN.items()}
    return lambda protocol: {**hello(protocol), "fixed": given or OWN}


if __name__ == "__main__":
    sic_numpy_port.hello = fixed(sic_numpy_port.hello)
    answer = sic_numpy_port.answer
    sic_numpy_port.answer = lambda operation, arguments: answer(operation, forced(arguments))
    sic_numpy_port.serve()
