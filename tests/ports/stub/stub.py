"""A port to begin with: it knows one operation, and has that one wrong."""
import json
import sys


def answer(operation, input):
    if operation == "hello":
        return {"protocol": 1, "name": "stub", "language": "Python", "precision": "float64", "operations": ["capacity"]}
    mean = [sum(unit) / len(unit) for unit in zip(*input["states"])]
    return {"value": sum(m * m for m in mean)}


for line in sys.stdin:
    request = json.loads(line)
    try:
        reply = {"output": answer(request["operation"], request["input"])}
    except Exception as error:
        reply = {"error": repr(error)}
    print(json.dumps({"id": request["id"], **reply}), flush=True)
