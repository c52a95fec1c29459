"""Looks at a table with PyIceberg through the Glue catalog, as a user would: `table.py <database> <table> <action>`."""

import json
import os
import sys

from pyiceberg.catalog.glue import GlueCatalog

database, name, action = sys.argv[1:4]
endpoint = os.environ["AWS_ENDPOINT_URL"]
catalog = GlueCatalog("glue", **{"s3.endpoint": endpoint, "s3.region": os.environ["AWS_REGION"]})
table = catalog.load_table((database, name))


def ids(scan):
    return sorted(scan.to_arrow()["id"].to_pylist())


if action == "read":
    snapshots = [
        {
            "id": str(snapshot.snapshot_id),
            "byId": ids(table.scan(snapshot_id=snapshot.snapshot_id)),
            "byTime": ids(table.scan(snapshot_id=table.snapshot_as_of_timestamp(snapshot.timestamp_ms).snapshot_id)),
            "operation": snapshot.summary.operation.value,
            "ledger": snapshot.summary.additional_properties.get("mlops.ledger"),
        }
        for snapshot in table.snapshots()
    ]
    columns = {field.name: str(field.field_type) for field in table.schema().fields}
    print(json.dumps({"snapshots": snapshots, "columns": columns, "files": len(list(table.scan().plan_files()))}))
elif action == "compact":
    # What Glue's compaction does: the same rows in one file of another name.
    table.overwrite(table.scan().to_arrow())
