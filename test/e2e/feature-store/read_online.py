"""Applies a Feast repository and reads features online, as a user of Feast would: `read_online.py <repository> <request>`.

The request is JSON: {"features": [...], "entities": [{...}], "reads": 50}. The answer, the last line, is JSON: the values
and the milliseconds that each of the reads took.
"""

import json
import os
import sys
import time
from pathlib import Path

from feast import FeatureStore
from feast.repo_config import load_repo_config
from feast.repo_operations import apply_total

folder = Path(sys.argv[1])
request = json.loads(sys.argv[2])

# As the command line of Feast does: it imports the repository's files by their names.
os.chdir(folder)
sys.path.insert(0, str(folder))
apply_total(load_repo_config(folder, folder / "feature_store.yaml"), folder, skip_source_validation=True)
store = FeatureStore(repo_path=str(folder))


def read():
    return store.get_online_features(features=request["features"], entity_rows=request["entities"]).to_dict()


values = read()
milliseconds = []
for _ in range(request.get("reads", 0)):
    started = time.perf_counter()
    store.get_online_features(features=request["features"], entity_rows=request["entities"][:1]).to_dict()
    milliseconds.append((time.perf_counter() - started) * 1000)
views = [view.name for view in store.list_feature_views()]
print(json.dumps({"values": values, "milliseconds": milliseconds, "views": views}))
