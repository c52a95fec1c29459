"""Loading a trained model and asking it for scores."""

import json
import tarfile

import joblib

from features import to_matrix


def load_model(folder):
    """Unpacks `model.tar.gz` of a training job and loads what is in it."""
    with tarfile.open(folder / "model.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    description = json.loads((folder / "model.json").read_text())
    return joblib.load(folder / "model.joblib"), description


def scores_of(model, rows):
    """Probability of a late arrival for each row."""
    classifier, description = model
    return classifier.predict_proba(to_matrix(rows, description["columns"], description["categories"]))[:, 1]
