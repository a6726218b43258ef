"""A sampler as a process of its own, in plain Python: it knows nothing of search-bench but the protocol.

python -m bench run --problems ackley --dims 2 --strategies "random,exec:python3 docs/examples/hill_climber.py"
"""

import json
import math
import random
import sys


def draw(parameter, near=None):
    """A value of a parameter: anywhere, or within a tenth of its range of `near`."""
    if parameter["type"] == "categorical":
        return random.randrange(len(parameter["choices"]))  # by position
    low, high = parameter["low"], parameter["high"]
    if parameter["log"]:
        low, high, near = math.log(low), math.log(high), near and math.log(near)
    value = random.uniform(low, high) if near is None else random.gauss(near, 0.1 * (high - low))
    value = math.exp(value) if parameter["log"] else value
    value = min(max(value, parameter["low"]), parameter["high"])
    return round(value) if parameter["type"] == "int" else value


space, best = [], None  # best: (value, config)
for line in sys.stdin:
    message = json.loads(line)
    answer = {}
    if message["call"] == "hello":
        answer = {"protocol": 1, "name": "hill climber", "adopts": True}
    elif message["call"] == "start":
        space = message["space"]
        random.seed(message["seed"])
    elif message["call"] == "ask":
        config = {p["name"]: draw(p) for p in space} if best is None else dict(best[1])
        if best is not None:
            chosen = random.choice(space)
            config[chosen["name"]] = draw(chosen, None if chosen["type"] == "categorical" else config[chosen["name"]])
        answer = {"config": config}
    elif message["call"] in ("tell", "adopt"):
        value = message["value"]  # null: the trial failed
        if value is not None and (best is None or value < best[0]):
            best = (value, message["config"])
    elif message["call"] == "close":
        break
    print(json.dumps(answer), flush=True)
