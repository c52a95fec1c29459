"""Commits the curated Parquet files of a data set to its Iceberg table.

After a run the table holds exactly the rows of the files that lie below `s3://BUCKET/DATASET/`: new files are added,
files that were replaced or removed leave with the rows that they had. Earlier snapshots stay as they were, because the
table keeps copies of its own below its location and never points into the curated zone.

All changes of a run are one snapshot. A ledger, an object below `table-commits/`, says which file of the curated zone
became which file of the table; the table's property `mlops.ledger` names it and changes in the same commit. So a run
that is repeated adds nothing, even when the snapshots that added the files have expired or the files were compacted.

Runs as an AWS Glue Python shell job: Python 3.9, PyIceberg 0.9.1. Later versions work as well.
Arguments, on the command line as `--NAME value` or as environment variables:

  BUCKET                      curated bucket
  DATASET                     data set; the first folder of its files
  DATABASE, TABLE             where the table stands in the Glue Data Catalog
  LOCATION                    S3 URI of the table's own files
  EXPIRE_SNAPSHOTS_AFTER_DAYS drop older snapshots after the commit, where this PyIceberg can; 0 or missing keeps all
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import boto3
import pyarrow
import pyarrow.parquet
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.exceptions import CommitFailedException, ValidationError
from pyiceberg.io.pyarrow import parquet_files_to_data_files
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
from pyiceberg.schema import Schema
from pyiceberg.serializers import ToOutputFile
from pyiceberg.table import TableProperties
from pyiceberg.table.metadata import new_table_metadata
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER

REQUIRED = ("BUCKET", "DATASET", "DATABASE", "TABLE", "LOCATION")
OPTIONAL = {"EXPIRE_SNAPSHOTS_AFTER_DAYS": "0"}
LEDGER_PROPERTY = "mlops.ledger"
COMMIT_ATTEMPTS = 6
PARALLEL_REQUESTS = 8


class JobError(Exception):
    """A fault with a sentence for people; it ends the job without a traceback."""


def read_arguments(argv, environment):
    """The job's arguments: the command line first, then the environment. Glue adds arguments of its own."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in (*REQUIRED, *OPTIONAL):
        parser.add_argument(f"--{name}")
    given = vars(parser.parse_known_args(argv)[0])
    values = {name: given[name] or environment.get(name) or OPTIONAL.get(name) for name in given}
    missing = [name for name in REQUIRED if not values[name]]
    if missing:
        raise JobError(f"The arguments {', '.join(missing)} are missing; the component IcebergTable sets them.")
    values["LOCATION"] = values["LOCATION"].rstrip("/")
    return values


class Catalog(GlueCatalog):
    """The Glue Data Catalog. Later versions of PyIceberg ask what kind of database it is, for which the job has no right."""

    def _is_s3tables_database(self, database_name):
        return False


class Curated:
    """The curated files of the data set, their copies in the table, and the ledger of both."""

    def __init__(self, s3, arguments):
        self.s3 = s3
        self.bucket = arguments["BUCKET"]
        self.dataset = arguments["DATASET"]
        self.location = arguments["LOCATION"]

    def list(self):
        """ETag of every Parquet file by its key."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{self.dataset}/")
        return {
            item["Key"]: item["ETag"].strip('"')
            for page in pages
            for item in page.get("Contents", [])
            if item["Key"].endswith(".parquet") and item["Size"] > 0
        }

    def read_ledger(self, key):
        if key is None:
            return {}
        return json.loads(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())["files"]

    def write_ledger(self, files):
        """Stores a ledger under a name made from its content, and answers its key."""
        body = json.dumps({"dataset": self.dataset, "files": files}, sort_keys=True).encode()
        key = f"table-commits/{self.dataset}/{hashlib.sha256(body).hexdigest()[:32]}.json"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType="application/json")
        return key

    def describe(self, listed, ledger):
        """The wanted ledger. Only files that are new or have another ETag are looked at; the same bytes stay as they were."""

        def entry(item):
            key, etag = item
            known = ledger.get(key)
            if known and known["etag"] == etag:
                return key, known
            head = self.s3.head_object(Bucket=self.bucket, Key=key, IfMatch=f'"{etag}"')
            content = head["Metadata"].get("sha256", etag)
            name = hashlib.sha256(f"{key}\n{content}".encode()).hexdigest()
            return key, {"etag": etag, "path": f"{self.location}/data/{name}.parquet"}

        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            return dict(pool.map(entry, listed.items()))

    def copy(self, files):
        """Copies files to where the table expects them; a file that was replaced meanwhile ends the attempt."""

        def copy_one(item):
            key, file = item
            bucket, target = file["path"][len("s3://") :].split("/", 1)
            self.s3.copy(
                {"Bucket": self.bucket, "Key": key},
                bucket,
                target,
                ExtraArgs={"CopySourceIfMatch": f'"{file["etag"]}"'},
                Config=TransferConfig(multipart_threshold=4 * 1024**3),
            )

        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            list(pool.map(copy_one, files.items()))


def plan(ledger, wanted, live):
    """
    Which files of the curated zone to add, by key, and which paths to take out of the table.

    A file that is gone leaves by its path. Where compaction has merged it into another, its rows cannot be told apart
    any more: then whatever the table holds beyond the wanted files makes room for all of them.
    """
    wanted_paths = {file["path"] for file in wanted.values()}
    gone = {file["path"] for file in ledger.values()} - wanted_paths
    if gone <= live:
        known = {file["path"] for file in ledger.values()}
        return {key: file for key, file in wanted.items() if file["path"] not in known}, gone
    return {key: file for key, file in wanted.items() if file["path"] not in live}, live - wanted_paths


def load_table(catalog, glue, arguments):
    """The table; where its catalog entry has no Iceberg metadata yet, with an empty first version of it."""
    place = {"DatabaseName": arguments["DATABASE"], "Name": arguments["TABLE"]}
    entry = glue.get_table(**place)["Table"]
    parameters = entry.get("Parameters") or {}
    if "metadata_location" not in parameters:
        metadata = new_table_metadata(Schema(), UNPARTITIONED_PARTITION_SPEC, UNSORTED_SORT_ORDER, arguments["LOCATION"])
        path = f"{arguments['LOCATION']}/metadata/00000-{uuid.uuid4()}.metadata.json"
        ToOutputFile.table_metadata(metadata, catalog._load_file_io(location=path).new_output(path))
        glue.update_table(
            DatabaseName=arguments["DATABASE"],
            TableInput={
                "Name": arguments["TABLE"],
                "TableType": "EXTERNAL_TABLE",
                "StorageDescriptor": {"Columns": [], "Location": arguments["LOCATION"]},
                "Parameters": {**parameters, "table_type": "ICEBERG", "metadata_location": path},
            },
            VersionId=entry.get("VersionId", "1"),
        )
    table = catalog.load_table((arguments["DATABASE"], arguments["TABLE"]))
    # Only in this process: later versions of PyIceberg repeat a commit that lost a race on top of the winner's, which may
    # have added the same files. This job plans anew instead.
    table.metadata.properties["commit.retry.num-retries"] = "0"
    return table


def file_schemas(table, paths):
    """The different schemas among files, each with one file that has it."""

    def read(path):
        with table.io.new_input(path).open() as file:
            return pyarrow.parquet.read_schema(file).remove_metadata(), path

    with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
        return dict(pool.map(read, paths))


def align_schema(table, paths):
    """
    Gives the table every column that the files have. In a table that never held a row a column may still change its
    type: Glue makes the first metadata from Hive types, which know no time zones.
    """
    for schema, path in file_schemas(table, paths).items():
        if table.current_snapshot() is None:
            held = table.schema().as_arrow()
            wrong = [name for name in schema.names if name in held.names and held.field(name).type != schema.field(name).type]
            if wrong:
                with table.update_schema(allow_incompatible_changes=True) as update:
                    for name in wrong:
                        update.delete_column(name)
        try:
            with table.update_schema() as update:
                update.union_by_name(schema)
        except (TypeError, ValidationError, ValueError) as error:
            raise JobError(f"{path} does not fit the table {'.'.join(table.name())}: {error}") from error


def commit(table, curated):
    """Brings the table to what the curated zone holds, in one snapshot. Answers what changed."""
    ledger = curated.read_ledger(table.properties.get(LEDGER_PROPERTY))
    wanted = curated.describe(curated.list(), ledger)
    live = {task.file.file_path: task.file for task in table.scan().plan_files()}
    added, dropped = plan(ledger, wanted, set(live))
    report = {"added": len(added), "removed": len(dropped), "files": len(wanted)}
    if not added and not dropped:
        return {**report, "committed": False, "snapshot": None}
    curated.copy(added)
    paths = sorted(file["path"] for file in added.values())
    align_schema(table, paths)
    ledger_key = curated.write_ledger(wanted)
    summary = {
        LEDGER_PROPERTY: ledger_key,
        "mlops.dataset": curated.dataset,
        "mlops.files-added": str(len(added)),
        "mlops.files-removed": str(len(dropped)),
    }
    with table.transaction() as transaction:
        transaction.set_properties(
            **{
                LEDGER_PROPERTY: ledger_key,
                # The files have no field ids: their columns are found by name.
                TableProperties.DEFAULT_NAME_MAPPING: table.schema().name_mapping.model_dump_json(),
            }
        )
        snapshot = transaction.update_snapshot(snapshot_properties=summary)
        with snapshot.overwrite() if dropped else snapshot.fast_append() as change:
            for data_file in parquet_files_to_data_files(table.io, transaction.table_metadata, iter(paths)):
                change.append_data_file(data_file)
            for path in dropped:
                change.delete_data_file(live[path])
    return {**report, "committed": True, "snapshot": table.current_snapshot().snapshot_id}


def expire_snapshots(table, days):
    """Drops snapshots that are older, but never the current one. PyIceberg 0.9.1 cannot; on AWS the table's optimizer does it."""
    if days <= 0 or not hasattr(table, "maintenance"):
        return False
    limit = datetime.now(timezone.utc) - timedelta(days=days)
    table.maintenance.expire_snapshots().older_than(limit).commit()
    return True


def changed_meanwhile(error):
    """Whether another writer of the table or of the curated zone came in between."""
    if isinstance(error, CommitFailedException):
        return True
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else None
    return code in ("PreconditionFailed", "412", "ConcurrentModificationException", "NoSuchKey", "404")


def run(arguments, attempts=COMMIT_ATTEMPTS, pause=time.sleep):
    """Commits, and tries again from the start when another writer was faster."""
    credentials = (session := boto3.Session()).get_credentials().get_frozen_credentials()
    properties = {
        "s3.region": session.region_name,
        "s3.access-key-id": credentials.access_key,
        "s3.secret-access-key": credentials.secret_key,
        "s3.session-token": credentials.token,
        "s3.endpoint": os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"),
    }
    catalog = Catalog("glue", **{name: value for name, value in properties.items() if value})
    curated = Curated(session.client("s3"), arguments)
    for attempt in range(1, attempts + 1):
        try:
            table = load_table(catalog, session.client("glue"), arguments)
            report = commit(table, curated)
            expired = expire_snapshots(table, float(arguments["EXPIRE_SNAPSHOTS_AFTER_DAYS"]))
            return {**report, "expired": expired}
        except (CommitFailedException, ClientError) as error:
            if attempt == attempts or not changed_meanwhile(error):
                raise
            pause(random.uniform(0, 2**attempt))


if __name__ == "__main__":
    try:
        print(json.dumps(run(read_arguments(sys.argv[1:], os.environ))))
    except JobError as error:
        sys.exit(str(error))
