"""Plays the model server: scores flights with a registered model and writes one prediction record for each.

The sandbox's cluster has an API server and no nodes, so no pod can do it.
"""

import argparse
import datetime
import json
import pathlib
import sys
import time

from features import KEY, feature_values, read_rows
from model import load_model, scores_of


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True, help="folder with model.tar.gz")
    parser.add_argument("--data", required=True, help="folder with the flights to score")
    parser.add_argument("--name", required=True, help="model name")
    parser.add_argument("--version", required=True, help="registry version of the model")
    arguments = parser.parse_args()

    rows = read_rows(arguments.data)
    started = time.perf_counter()
    scores = scores_of(load_model(pathlib.Path(arguments.model)), rows)
    latency = (time.perf_counter() - started) * 1000 / max(1, len(rows))
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for row, score in zip(rows, scores):
        record = {
            "model": arguments.name,
            "version": arguments.version,
            "requestId": row[KEY],
            "time": now,
            "features": feature_values(row),
            "prediction": int(score >= 0.5),
            "score": round(float(score), 6),
            "latencyMilliseconds": round(latency, 3),
        }
        sys.stdout.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
