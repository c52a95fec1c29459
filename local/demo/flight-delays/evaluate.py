"""Processing job: measures a trained model on the held-out rows and keeps a sample of what it was trained on.

Writes `evaluation.json` (metrics for the gate) and `reference.jsonl` (features and predictions of training rows,
from which the baseline of the drift monitor is built).
"""

import argparse
import json
import pathlib

from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from features import feature_values, is_held_out, labels_of, read_rows
from model import load_model, scores_of

REFERENCE_ROWS = 5000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True, help="folder with model.tar.gz")
    parser.add_argument("--data", required=True, help="folder with the data that the model was trained from")
    parser.add_argument("--output", required=True, help="folder that the results are written to")
    arguments = parser.parse_args()

    model = load_model(pathlib.Path(arguments.model))
    rows = read_rows(arguments.data)
    held_out = [row for row in rows if is_held_out(row)]
    labels, scores = labels_of(held_out), scores_of(model, held_out)
    predictions = scores >= 0.5
    metrics = {
        "accuracy": accuracy_score(labels, predictions),
        "precision": precision_score(labels, predictions, zero_division=0),
        "recall": recall_score(labels, predictions, zero_division=0),
        "areaUnderCurve": roc_auc_score(labels, scores),
    }
    output = pathlib.Path(arguments.output)
    (output / "evaluation.json").write_text(json.dumps({"metrics": metrics, "rows": len(held_out)}))

    trained = [row for row in rows if not is_held_out(row)]
    sample = trained[:: max(1, len(trained) // REFERENCE_ROWS)]
    with open(output / "reference.jsonl", "w", encoding="utf-8") as file:
        for row, score in zip(sample, scores_of(model, sample)):
            file.write(json.dumps({"features": feature_values(row), "prediction": int(score >= 0.5)}) + "\n")
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
