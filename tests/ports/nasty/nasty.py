"""A port of two operations: `initialState` is right, `capacity` goes wrong in the way that the argument names."""
import json
import math
import os
import pathlib
import subprocess
import sys
import time

MODE = sys.argv[1]
HELLO = {"protocol": 1, "name": MODE, "language": "Python", "precision": "float64", "operations": ["capacity", "initialState"]}
ESCAPES = "\x1b[2J\u202e\nCONFORMS in what it covers: all"
WRONG_HELLO = {
    "hello-that-forges": {**HELLO, "name": ESCAPES, "operations": ["capacity", "\x1b[31mred\u202e" * 1000]},
    "hello-without-precision": {"name": MODE, "protocol": 1, "language": "Python", "operations": ["capacity"]},
    "hello-of-another-protocol": {**HELLO, "protocol": 2},
    "hello-of-unknown-operations": {**HELLO, "operations": ["capacity", "levitation"]},
}
remembered = []
after_an_error = False


def process_number():
    """Which process of this port this is, counted in a file that the second argument names."""
    return len(pathlib.Path(sys.argv[2]).read_text())


if MODE == "wrong-from-the-third-process-on":
    with open(sys.argv[2], "a") as file:
        file.write("x")


def say(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()


def initial_state(gamma):
    z = [max(x, 0) for x in gamma]
    length = math.sqrt(sum(x * x for x in z))
    return {"state": [x / length if length else 0 for x in z]}


def capacity(states):
    mean = [sum(unit) / len(unit) for unit in zip(*states)]
    return {"value": -sum(m * m for m in mean)}


def misbehave(id, states):
    """Replies to `capacity` as MODE says."""
    reply = {"id": id, "output": capacity(states)}
    if MODE == "hang":
        sys.stderr.write(f"process {os.getpid()}\n")
        if len(sys.argv) > 2:
            pathlib.Path(sys.argv[2]).write_text(str(os.getpid()))
        time.sleep(1000)
    elif MODE == "crash":
        sys.stderr.write("out of cheese\n")
        sys.exit(3)
    elif MODE == "killed":
        os.kill(os.getpid(), 9)
    elif MODE == "garbage":
        say("the capacity is " + str(reply["output"]["value"]))
    elif MODE == "not-a-reply":
        say("[1, 2, 3]")
    elif MODE == "wrong-id":
        say(json.dumps({**reply, "id": id + 1}))
    elif MODE == "two-lines":
        say(json.dumps(reply) + "\n" + json.dumps(reply))
    elif MODE == "truncated-by-exit":
        say(json.dumps(reply)[:9], end="")
        sys.exit(0)
    elif MODE == "truncated-by-silence":
        say(json.dumps(reply)[:9], end="")
        time.sleep(1000)
    elif MODE == "nan":
        say(json.dumps({"id": id, "output": {"value": math.nan}}))
    elif MODE == "overflow":
        say('{"id": %d, "output": {"value": 1e999}}' % id)
    elif MODE == "null":
        say(json.dumps({"id": id, "output": {"value": None}}))
    elif MODE == "text":
        say(json.dumps({"id": id, "output": {"value": "-0.5"}}))
    elif MODE == "list":
        say(json.dumps({"id": id, "output": [reply["output"]["value"]]}))
    elif MODE == "missing-field":
        say(json.dumps({"id": id, "output": {"capacity": -0.5}}))
    elif MODE == "no-output":
        say(json.dumps({"id": id}))
    elif MODE == "flood":
        while True:
            sys.stdout.write("x" * 65536)
    elif MODE == "error-reply":
        say(json.dumps({"id": id, "error": "not today"}))
    elif MODE == "deep-list":
        say('{"id": %d, "output": {"value": %s}}' % (id, "[" * 5000 + "]" * 5000))
    elif MODE == "deep-extra":
        say('{"id": %d, "output": {"value": %r, "more": %s}}' % (id, capacity(states)["value"], "[" * 5000 + "]" * 5000))
    elif MODE == "forging-error":
        say(json.dumps({"id": id, "error": ESCAPES * 300}))
    elif MODE == "byte-order-mark":
        say("\ufeff" + json.dumps(reply))
    elif MODE == "blank-line":
        say("\n" + json.dumps(reply))
    elif MODE == "two-objects":
        say(json.dumps(reply) + " " + json.dumps(reply))
    elif MODE == "several-lines":
        say(json.dumps(reply, indent=2))
    elif MODE == "progress-before":
        say("10%\r50%\r" + json.dumps(reply))
    elif MODE == "id-as-text":
        say(json.dumps({**reply, "id": str(id)}))
    elif MODE == "request-echoed":
        say(json.dumps({"id": id, "operation": "capacity", "input": {"states": states}}))
    elif MODE == "drips-for-ever":
        while True:
            say(" ", end="")
            time.sleep(0.1)
    elif MODE == "output-and-error":
        say(json.dumps({**reply, "error": "not today"}))
    elif MODE == "prototype":
        say('{"id": %d, "output": {"__proto__": {"value": 1}}}' % id)
    elif MODE == "segmentation-fault":
        os.kill(os.getpid(), 11)
    elif MODE == "stops-itself":
        os.kill(os.getpid(), 19)
    elif MODE == "errors-for-ever":
        while True:
            sys.stderr.write("x" * 65536)
    elif MODE == "long-list":
        say('{"id": %d, "output": {"value": [%s1]}}' % (id, "1," * 300000))
    elif MODE == "carriage-return":
        say(json.dumps(reply), end="\r")
    elif MODE == "exits-but-a-child-holds-the-pipe":
        subprocess.Popen(["sleep", "1000"])
        sys.exit(3)
    elif MODE == "exits-but-a-daemon-holds-the-pipe":
        daemon = subprocess.Popen(["sleep", "100"], start_new_session=True)
        sys.stderr.write(f"daemon {daemon.pid}\n")
        sys.stderr.flush()
        sys.exit(3)
    elif MODE == "closes-its-output":
        os.close(1)
        time.sleep(1000)
    elif MODE == "closes-its-input":
        os.close(0)
        say(json.dumps(reply))
        time.sleep(1000)
    elif MODE == "crash-when-asked-again":
        with open(sys.argv[2], "a") as file:
            file.write("x")
        if process_number() > 1:
            sys.exit(7)
        say(json.dumps(reply))
    elif MODE == "wrong-from-the-third-process-on":
        say(json.dumps({"id": id, "output": {"value": reply["output"]["value"] * (1 if process_number() < 3 else 2)}}))
    elif MODE == "stateful":
        remembered.append(reply["output"])
        say(json.dumps({"id": id, "output": {"value": reply["output"]["value"] * len(remembered)}}))
    else:
        say(json.dumps(reply))


if MODE == "slow-start":
    time.sleep(2)
if MODE == "never-starts":
    sys.exit("no licence found")
if MODE == "silent":
    time.sleep(1000)
for line in sys.stdin:
    request = json.loads(line)
    id, operation, given = request["id"], request["operation"], request["input"]
    if MODE == "noisy":
        sys.stderr.write("thinking about it\n" * 20000)
    if MODE == "error-after-error" and after_an_error:
        say(json.dumps({"id": id, "error": "still upset"}))
    elif operation == "hello":
        say(json.dumps({"id": id, "output": WRONG_HELLO.get(MODE, HELLO)}))
    elif operation == "capacity" and "states" in given:
        misbehave(id, given["states"])
    elif operation == "initialState" and "gamma" in given:
        say(json.dumps({"id": id, "output": initial_state(given["gamma"])}))
    else:
        if MODE == "dies-of-bad-requests":
            raise KeyError(operation)
        after_an_error = True
        say(json.dumps({"id": id, "error": f"cannot answer {operation}"}))
if MODE == "outlives-its-input":
    time.sleep(1000)
