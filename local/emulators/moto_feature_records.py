"""The records of SageMaker's feature groups, which moto does not keep: put, get, get many and delete.

They live with their group and go with it. As in AWS, the online store holds one record an identifier, an older event time
never replaces a newer one (a deleted record's event time included), and a record past its time to live is not answered.
The offline store is not written.
"""

import json
import re
import time
from datetime import datetime, timezone
from urllib.parse import unquote

from moto.core.responses import BaseResponse
from moto.sagemaker import urls
from moto.sagemaker.models import sagemaker_backends

SECONDS = {"Seconds": 1, "Minutes": 60, "Hours": 3600, "Days": 86400, "Weeks": 604800}
INTEGER = re.compile(r"^[+-]?\d+$")


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def refused(message):
    return Refused(400, "ValidationError", f"Validation Error: {message}")


def group_named(backend, name):
    """The feature group of a name or an ARN."""
    name = unquote(name).rsplit("/", 1)[-1]
    for group in backend.feature_groups.values():
        if group.feature_group_name == name:
            return group
    raise Refused(404, "ResourceNotFound", f"Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}.")


def online_group(backend, name):
    group = group_named(backend, name)
    if not group.unkept.get("OnlineStoreConfig", {}).get("EnableOnlineStore"):
        raise refused(f"The online store of FeatureGroup {group.feature_group_name} is not enabled.")
    return group


def records_of(group):
    """Records of a group by identifier."""
    if not hasattr(group, "online_records"):
        group.online_records = {}
    return group.online_records


def seconds_of(event_time):
    """An event time, which is a number of seconds or ISO 8601 text in UTC, as seconds since 1970."""
    try:
        return float(event_time)
    except ValueError:
        pass
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"):
        try:
            return datetime.strptime(event_time, form).replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            continue
    raise refused(f"The event time {event_time} is neither a number of seconds nor yyyy-MM-dd'T'HH:mm:ssZ.")


def is_number(text):
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def check_values(group, values):
    """Refuses features that the group does not have, and texts that are no values of their type."""
    types = {each["FeatureName"]: each["FeatureType"] for each in group.feature_definitions}
    unknown = [name for name in values if name not in types]
    if unknown:
        raise refused(f"FeatureNames {unknown} are not supported by FeatureGroup {group.feature_group_name}.")
    for needed in (group.record_identifier_feature_name, group.event_time_feature_name):
        if not values.get(needed):
            raise refused(f"The record has no value for {needed}, which FeatureGroup {group.feature_group_name} requires.")
    for name, text in values.items():
        fits = {"Integral": lambda: bool(INTEGER.match(text)), "Fractional": lambda: is_number(text)}.get(types[name])
        if text is not None and fits and not fits():
            raise refused(f"The value {text} of {name} is not {types[name]}.")


def expiry(event_seconds, duration):
    """Second since 1970 at which a record ends; None for one that stays."""
    if not duration:
        return None
    return event_seconds + int(duration["Value"]) * SECONDS[duration["Unit"]]


def put_record(backend, name, request):
    group = group_named(backend, name)
    record = request.get("Record") or []
    values = {each["FeatureName"]: each.get("ValueAsString") for each in record}
    if len(values) != len(record):
        raise refused("The record names a feature twice.")
    check_values(group, values)
    at = seconds_of(values[group.event_time_feature_name])
    config = group.unkept.get("OnlineStoreConfig", {})
    stores = request.get("TargetStores") or ["OnlineStore", "OfflineStore"]
    if not config.get("EnableOnlineStore") or "OnlineStore" not in stores:
        return {}
    ends = expiry(at, request.get("TtlDuration") or config.get("TtlDuration"))
    store_record(group, values[group.record_identifier_feature_name], at, record, ends)
    return {}


def store_record(group, identifier, at, record, ends):
    held = records_of(group).get(identifier)
    if held is None or at >= held["at"]:
        records_of(group)[identifier] = {"at": at, "record": record, "ends": ends}


def alive(group, identifier):
    held = records_of(group).get(identifier)
    if held is None or held["record"] is None or (held["ends"] is not None and held["ends"] <= time.time()):
        return None
    return held


def answer_of(held, features, expiration):
    answer = {"Record": [each for each in held["record"] if not features or each["FeatureName"] in features]}
    if expiration == "Enabled" and held["ends"] is not None:
        ends = datetime.fromtimestamp(held["ends"], tz=timezone.utc)
        answer["ExpiresAt"] = ends.strftime("%Y-%m-%dT%H:%M:%SZ")
    return answer


def get_record(backend, name, query):
    group = online_group(backend, name)
    held = alive(group, query["RecordIdentifierValueAsString"][0])
    expiration = query.get("ExpirationTimeResponse", [None])[0]
    return answer_of(held, query.get("FeatureName"), expiration) if held else {}


def delete_record(backend, name, query):
    group = group_named(backend, name)
    identifier, at = query["RecordIdentifierValueAsString"][0], seconds_of(query["EventTime"][0])
    if "OnlineStore" not in query.get("TargetStores", ["OnlineStore"]):
        return {}
    held = records_of(group).get(identifier)
    if query.get("DeletionMode", ["SoftDelete"])[0] == "HardDelete":
        if held is not None and at >= held["at"]:
            del records_of(group)[identifier]
    else:
        store_record(group, identifier, at, None, None)
    return {}


def batch_get_record(backend, request):
    found = []
    for wanted in request["Identifiers"]:
        group = online_group(backend, wanted["FeatureGroupName"])
        for identifier in wanted["RecordIdentifiersValueAsString"]:
            held = alive(group, identifier)
            if held is None:
                continue
            place = {
                "FeatureGroupName": wanted["FeatureGroupName"],
                "RecordIdentifierValueAsString": identifier,
            }
            found.append({**place, **answer_of(held, wanted.get("FeatureNames"), request.get("ExpirationTimeResponse"))})
    return {"Records": found, "Errors": [], "UnprocessedIdentifiers": []}


class RecordResponse(BaseResponse):
    """Knows account and region of a request, as moto's own responses do."""

    def __init__(self):
        super().__init__("sagemaker")

    def answer(self, request, full_url, headers, operation):
        self.setup_class(request, full_url, headers)
        backend = sagemaker_backends[self.current_account][self.region]
        try:
            return 200, {"content-type": "application/json"}, json.dumps(operation(backend, self))
        except Refused as fault:
            kind = {"content-type": "application/json", "x-amzn-errortype": fault.code}
            return fault.status, kind, json.dumps({"Message": fault.message})


def one_record(request, full_url, headers):
    """PUT, GET and DELETE of /FeatureGroup/<name>."""
    name = request.path.rsplit("/FeatureGroup/", 1)[-1]
    query = request.args.to_dict(flat=False)
    operations = {
        "PUT": lambda backend, response: put_record(backend, name, json.loads(request.data or "{}")),
        "GET": lambda backend, response: get_record(backend, name, query),
        "DELETE": lambda backend, response: delete_record(backend, name, query),
    }
    return RecordResponse().answer(request, full_url, headers, operations[request.method])


def many_records(request, full_url, headers):
    """POST of /BatchGetRecord."""
    operation = lambda backend, response: batch_get_record(backend, json.loads(request.data))  # noqa: E731
    return RecordResponse().answer(request, full_url, headers, operation)


def install():
    """Adds the runtime's addresses to those of moto's SageMaker."""
    urls.url_paths["{0}/FeatureGroup/(?P<name>.+)$"] = one_record
    urls.url_paths["{0}/BatchGetRecord$"] = many_records
