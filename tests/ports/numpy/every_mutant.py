"""Answers all golden vectors with the right port and with each mutant: python3 every_mutant.py

Prints a line of JSON for each of them: [name, {vector: reply}], where a reply is the line that the port would write.
The right port comes first, under the name "right". The line of a mutant leaves out what it replies to the last digit like the right port.
"""

import json
import pathlib

import measures
import mutants
import sic
import sic_numpy_port
import training

FOLDER = pathlib.Path(__file__).parents[3] / "golden" / "vectors"
FILES = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
CASES = [(file["operation"], case) for file in FILES for case in file["cases"]]
MODULES = {module: dict(vars(module)) for module in (sic, training, measures)}


# The modules by which the operations of a group of requirements are computed.
USED = {"D": {sic}, "N": {sic}, "L": {sic}, "T": {sic, training}, "M": {measures}}


def replies(changed):
    """The replies to all vectors for which a function of the changed modules can be called."""
    return {
        case["id"]: sic_numpy_port.reply({"id": 0, "operation": operation, "input": case["input"]})
        for operation, case in CASES
        if changed & USED[case["requirements"][0][0]]
    }


if __name__ == "__main__":
    right = replies(set(MODULES))
    print(json.dumps(["right", right]))
    for name in mutants.NAMES:
        answered = replies(mutants.mutate(name))
        print(json.dumps([name, {id: reply for id, reply in answered.items() if reply != right[id]}]))
        for module, functions in MODULES.items():
            vars(module).update(functions)
