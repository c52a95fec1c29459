"""Starts MiniStack with seven changes. Each ends the start when MiniStack is not as the change expects it.

1. Alarms are left to the gateway. MiniStack compares an alarm's threshold with all data of the metric's name, whatever
   the dimensions, and knows neither M-of-N nor missing data, so the drift alarm of one model would fire for another.
   The gateway evaluates alarms as CloudWatch documents it and tells MiniStack the result with SetAlarmState; two
   evaluators would overrule each other.
2. The gateway may speak for AWS on the bus. The state changes of SageMaker jobs, model packages and alarms carry the
   sources that AWS gives them (`aws.sagemaker`, `aws.cloudwatch`), which PutEvents refuses to callers.
3. A Lambda that brings a certificate authority of its own gets TLS. MiniStack turns every HTTPS call to this machine
   into plain HTTP, and the Kubernetes API server is on this machine and speaks TLS only.
4. Policies may name the namespace that metrics are written to. IAM knows metrics as no resources, so the condition
   `cloudwatch:namespace` is all that keeps a role to its own, and MiniStack does not fill it in.
5. Schedules fill in their context attributes and call any operation of AWS: see ministack_scheduler.py.
6. Python shell jobs of Glue run in the sandbox's virtual environment as their role: see ministack_glue.py.
7. A batch of messages needs the right to a single one. SQS knows no right such as `sqs:SendMessageBatch`:
   https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
"""

import json
import sys
from urllib.parse import parse_qs

import ministack_glue
import ministack_scheduler
import ministack.core.iam_actions as iam_actions
import ministack.core.lambda_runtime as lambda_runtime
import ministack.services.cloudwatch as cloudwatch
import ministack.services.eventbridge as eventbridge
from ministack.app import main


def expect(holds, place):
    if not holds:
        sys.exit(f"This version of MiniStack is not the one that the sandbox changes: look at {place}.")


def leave_to_gateway(alarm):
    """Every path on which MiniStack evaluates an alarm (put, list, CloudFormation) ends in the function replaced here."""


expect(callable(getattr(cloudwatch, "_evaluate_alarm", None)), "ministack/services/cloudwatch.py")
cloudwatch._evaluate_alarm = leave_to_gateway

put_events = getattr(eventbridge, "_put_events", None)
expect(getattr(put_events, "__defaults__", None) == (False,), "ministack/services/eventbridge.py")
put_events.__defaults__ = (True,)

downgrade = "    // Downgrade HTTPS to HTTP for localhost"
script = getattr(lambda_runtime, "_NODEJS_WORKER_SCRIPT", "")
expect(script.count(downgrade) == 1, "ministack/core/lambda_runtime.py")
lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(
    downgrade, f"    if (options.ca) return origHttpsReq.apply(https, original);\n{downgrade}"
)


def namespace_of(body):
    """Namespace of a PutMetricData request in either protocol that the SDKs speak."""
    for read in (json.loads, lambda text: {k: v[0] for k, v in parse_qs(text.decode()).items()}):
        try:
            request = read(body)
        except Exception:
            continue
        if isinstance(request, dict) and "Namespace" in request:
            return {"cloudwatch:namespace": request["Namespace"]}
    return {}


tag_context = getattr(iam_actions, "request_tag_context", None)
expect(callable(tag_context), "ministack/core/iam_actions.py")


def request_context(service, action, body, params):
    context = tag_context(service, action, body, params)
    return {**context, **namespace_of(body)} if action == "cloudwatch:PutMetricData" else context


iam_actions.request_tag_context = request_context

action_of = getattr(iam_actions, "extract_iam_action", None)
expect(callable(action_of), "ministack/core/iam_actions.py")


def action_without_batch(*request):
    action = action_of(*request)
    return action.removesuffix("Batch") if action and action.startswith("sqs:") else action


iam_actions.extract_iam_action = action_without_batch

ministack_scheduler.install(expect)
ministack_glue.install(expect)

main()
