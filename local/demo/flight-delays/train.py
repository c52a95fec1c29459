"""Training job: gradient-boosted trees that tell whether a flight will arrive more than 15 minutes late.

Runs in SageMaker's script mode: the training channel and the model folder come from the SM_* environment,
hyperparameters from the command line.
"""

import argparse
import json
import os
import pathlib

import joblib
from sklearn.ensemble import HistGradientBoostingClassifier

from features import CATEGORICAL, FEATURES, categories_of, is_held_out, labels_of, read_rows, to_matrix


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--max-iter", type=int, default=100)
    parser.add_argument("--exclude", default="", help="comma-separated features that the model must not use")
    arguments, _ = parser.parse_known_args()

    rows = [row for row in read_rows(os.environ["SM_CHANNEL_TRAIN"]) if not is_held_out(row)]
    if not rows:
        raise SystemExit("the training channel holds no rows")
    excluded = [name for name in arguments.exclude.split(",") if name]
    columns = [name for name in FEATURES if name not in excluded]
    categories = categories_of(rows)
    model = HistGradientBoostingClassifier(
        random_state=arguments.seed,
        learning_rate=arguments.learning_rate,
        max_iter=arguments.max_iter,
        categorical_features=[columns.index(name) for name in CATEGORICAL if name in columns],
    )
    matrix, labels = to_matrix(rows, columns, categories), labels_of(rows)
    model.fit(matrix, labels)

    folder = pathlib.Path(os.environ["SM_MODEL_DIR"])
    joblib.dump(model, folder / "model.joblib")
    (folder / "model.json").write_text(json.dumps({"columns": columns, "categories": categories, "rows": len(rows)}))
    print(f"train_rows={len(rows)} train_accuracy={model.score(matrix, labels):.6f}")


if __name__ == "__main__":
    main()
