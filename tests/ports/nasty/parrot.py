"""A port that has learnt the vectors by heart: to a question that it does not know it gives the first answer that it has."""
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parents[3] / "golden" / "vectors"
FILES = [json.loads(path.read_text()) for path in FOLDER.glob("*.json") if path.name != "schema.json"]
KNOWN = {file["operation"]: file["cases"] for file in FILES}
HELLO = {"protocol": 1, "name": "parrot", "language": "Python", "precision": "float32", "operations": list(KNOWN)}


def answer(operation, given):
    if operation == "hello":
        return HELLO
    cases = KNOWN[operation]
    return next((case["expected"] for case in cases if case["input"] == given), cases[0]["expected"])


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "output": answer(request["operation"], request["input"])}), flush=True)
