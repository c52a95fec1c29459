"""What EventBridge Scheduler does and MiniStack's does not.

- It fills in the context attributes of a schedule's input, such as `<aws.scheduler.scheduled-time>`. Without it two runs
  of one schedule would send the same text, and whoever recognises repeated work by it would do the work once and never again.
- It calls any operation of AWS (a "universal target", `arn:aws:scheduler:::aws-sdk:glue:startJobRun`) as the schedule's role.
"""

import contextvars
import json
import logging
import os
import threading
import uuid
from datetime import datetime, timezone

import botocore.session
import ministack.core.lambda_runtime as lambda_runtime
import ministack.services.eventbridge as eventbridge
import ministack.services.scheduler as scheduler
from ministack.core.arn import parse_arn

logger = logging.getLogger("scheduler")

UNIVERSAL = "arn:aws:scheduler:::aws-sdk:"

# Scheduler names services as the SDK for Java does; where that is more than botocore's name without hyphens.
BOTOCORE_NAMES = {"eventbridge": "events", "cloudwatchlogs": "logs", "sfn": "stepfunctions"}


def scheduled_time(event, schedule):
    """The time a schedule fired for, to the second; cron expressions mean whole minutes, and MiniStack looks every ten seconds."""
    expression = schedule.get("ScheduleExpression", "")
    at = scheduler._at_time_epoch(expression)
    seconds = int(at if at is not None else event.get("Time"))
    if expression.startswith("cron"):
        seconds -= seconds % 60
    return datetime.fromtimestamp(seconds, tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_context(text, event, schedule):
    """The input of a target with its context attributes filled in."""
    attributes = {
        "schedule-arn": schedule.get("Arn", ""),
        "scheduled-time": scheduled_time(event, schedule),
        "execution-id": str(uuid.uuid4()),
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def botocore_name(session, service):
    """botocore's name of a service, from Scheduler's."""
    if service in BOTOCORE_NAMES:
        return BOTOCORE_NAMES[service]
    return next((name for name in session.get_available_services() if name.replace("-", "") == service), service)


def as_shape(value, shape):
    """A value whose keys are written as botocore's model writes them: their first letters differ between services."""
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        named = {members.get(key.lower(), key): inner for key, inner in value.items()}
        return {
            key: as_shape(inner, shape.members[key]) if key in shape.members else inner for key, inner in named.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [as_shape(inner, shape.member) for inner in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: as_shape(inner, shape.value) for key, inner in value.items()}
    return value


def credentials_of(role, schedule):
    """Credentials that act as the schedule's role, made as those of a Lambda."""
    spec = parse_arn(schedule["Arn"])
    name = schedule.get("Name", "schedule")
    function = f"arn:aws:lambda:{spec.region}:{spec.account_id}:function:scheduler-{name}"
    made = lambda_runtime.execution_credentials({"FunctionArn": function, "FunctionName": name, "Role": role})
    return {
        "aws_access_key_id": made["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": made["AWS_SECRET_ACCESS_KEY"],
        "aws_session_token": made["AWS_SESSION_TOKEN"] or None,
    }


def call_operation(arn, text, credentials, region):
    """Calls the operation that a universal target names."""
    _, service, action = arn[len("arn:aws:scheduler:::") :].split(":")
    session = botocore.session.get_session()
    client = session.create_client(
        botocore_name(session, service), region_name=region, endpoint_url=os.environ["AWS_ENDPOINT_URL"], **credentials
    )
    model = client.meta.service_model
    operation = next((name for name in model.operation_names if name.lower() == action.lower()), None)
    if operation is None:
        raise ValueError(f"{service} has no operation {action}")
    shape = model.operation_model(operation).input_shape
    parameters = json.loads(text or "{}")
    client._make_api_call(operation, as_shape(parameters, shape) if shape else parameters)


def run_universal(target, schedule):
    """Calls a universal target; what fails goes to the target's dead-letter queue, as its input was."""
    arn, text = target["Arn"], target.get("Input") or "{}"
    try:
        region = parse_arn(schedule["Arn"]).region
        call_operation(arn, text, credentials_of(target.get("RoleArn", ""), schedule), region)
        logger.info("Schedule %s called %s", schedule.get("Name"), arn)
    except Exception as error:
        logger.error("Schedule %s could not call %s: %s", schedule.get("Name"), arn, error)
        queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        if queue:
            eventbridge._dispatch_to_sqs(parse_arn(queue), text)


def install(expect):
    """Puts itself between MiniStack's Scheduler and its targets."""
    invoke_target = getattr(eventbridge, "_invoke_target", None)
    expect(callable(invoke_target), "ministack/services/eventbridge.py")
    expect(callable(getattr(scheduler, "_at_time_epoch", None)), "ministack/services/scheduler.py")
    expect(callable(getattr(lambda_runtime, "execution_credentials", None)), "ministack/core/lambda_runtime.py")

    def invoke(target, event, rule, view=None):
        if event.get("Source") == "aws.scheduler" and "ScheduleExpression" in rule and target.get("Input"):
            target = {**target, "Input": with_context(target["Input"], event, rule)}
        if not target.get("Arn", "").startswith(UNIVERSAL):
            return invoke_target(target, event, rule, view)
        # The account and region of the schedule travel with the copied context.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(run_universal, target, rule), daemon=True).start()
        return None

    eventbridge._invoke_target = invoke
