"""Runs Glue's Python shell jobs as Glue does, where MiniStack runs them as whatever `python3` is on PATH.

They get the sandbox's virtual environment, their arguments on the command line, the credentials of the job's role and
the sandbox's endpoint, and nothing else of the emulator's environment. What they print goes to the log groups that Glue
writes to, and their end is told on the event bus.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
import uuid

import ministack.core.lambda_runtime as lambda_runtime
import ministack.services.cloudwatch_logs as logs
import ministack.services.eventbridge as eventbridge
import ministack.services.glue as glue
from ministack.core.responses import error_response_json, get_account_id, get_region

logger = logging.getLogger("glue")

INHERITED = ("HOME", "LANG", "LC_ALL", "TMPDIR", "NO_PROXY")
DEFAULT_TIMEOUT_MINUTES = 2880
LONGEST_ERROR = 2000
ENDED = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED", "ERROR")
SEVERITY = {"SUCCEEDED": "INFO", "STOPPED": "INFO", "TIMEOUT": "WARN"}


def environment_of(job):
    """Variables of a job's process."""
    region, account, name = get_region(), get_account_id(), job.get("Name", "job")
    function = f"arn:aws:lambda:{region}:{account}:function:glue-{name}"
    role = job.get("Role", "")
    if role and not role.startswith("arn:"):
        role = f"arn:aws:iam::{account}:role/{role}"
    credentials = lambda_runtime.execution_credentials({"FunctionArn": function, "FunctionName": name, "Role": role})
    return {
        **{key: os.environ[key] for key in INHERITED if key in os.environ},
        **{key: value for key, value in credentials.items() if value},
        "PATH": os.pathsep.join((os.path.dirname(sys.executable), os.environ.get("PATH", ""))),
        "PYTHONUNBUFFERED": "1",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def command_line(script, arguments):
    """The command of a job: every argument as a name and its value, as Glue gives them."""
    command = [sys.executable, script]
    for name, value in arguments.items():
        command += [name if name.startswith("--") else f"--{name}", str(value)]
    return command


def ship(group, stream, text):
    """Puts the lines of a run into its log stream."""
    lines = text.splitlines()
    if not lines:
        return
    now = int(time.time() * 1000)
    logs._create_log_group({"logGroupName": group})
    logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    logs._put_log_events(
        {
            "logGroupName": group,
            "logStreamName": stream,
            "logEvents": [{"timestamp": now, "message": line} for line in lines if line],
        }
    )


def tell_end(run):
    """The event that Glue sends when a run ends."""
    state = run["JobRunState"]
    detail = {
        "jobName": run["JobName"],
        "severity": SEVERITY.get(state, "ERROR"),
        "state": state,
        "jobRunId": run["Id"],
        "message": run.get("ErrorMessage") or "Job run succeeded",
    }
    eventbridge._dispatch_event(
        {
            "EventId": str(uuid.uuid4()),
            "Source": "aws.glue",
            "DetailType": "Glue Job State Change",
            "Detail": json.dumps(detail),
            "EventBusName": "default",
            "Time": int(time.time()),
            "Resources": [],
            "Account": get_account_id(),
            "Region": get_region(),
        }
    )


def as_text(output):
    """Output of a process that was cut off: bytes, text or nothing."""
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""


def run_script(run, job, arguments, script):
    """Runs a script to its end and keeps the result in the run."""
    minutes = job.get("Timeout") or DEFAULT_TIMEOUT_MINUTES
    output = error = ""
    try:
        done = subprocess.run(
            command_line(script, arguments),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=minutes * 60,
            env=environment_of(job),
        )
        output, error = done.stdout, done.stderr
        reason = error.strip() or f"Exit code {done.returncode}"
        run["ErrorMessage"] = "" if done.returncode == 0 else reason[-LONGEST_ERROR:]
        state = "SUCCEEDED" if done.returncode == 0 else "FAILED"
    except subprocess.TimeoutExpired as expired:
        output, error = as_text(expired.stdout), as_text(expired.stderr)
        run["ErrorMessage"], state = f"Job execution timed out after {minutes} minutes", "TIMEOUT"
    except Exception as fault:
        run["ErrorMessage"], state = str(fault)[:LONGEST_ERROR], "FAILED"
    ship("/aws-glue/python-jobs/output", run["Id"], output)
    ship("/aws-glue/python-jobs/error", run["Id"], error)
    logger.info("Glue job %s, run %s: %s %s", run["JobName"], run["Id"], state, run["ErrorMessage"])
    # Whoever waits for the state finds the log complete.
    run["JobRunState"] = state
    tell_end(run)


def install(expect):
    """Puts itself in the place of MiniStack's runner, and keeps a job to its number of concurrent runs."""
    expect(callable(getattr(glue, "_execute_subprocess", None)), "ministack/services/glue.py")
    start_job_run = getattr(glue, "_start_job_run", None)
    create_job = getattr(glue, "_create_job", None)
    expect(callable(start_job_run) and callable(create_job), "ministack/services/glue.py")
    for name in ("_create_log_group", "_create_log_stream", "_put_log_events"):
        expect(callable(getattr(logs, name, None)), "ministack/services/cloudwatch_logs.py")
    expect(callable(getattr(eventbridge, "_dispatch_event", None)), "ministack/services/eventbridge.py")
    guard = threading.Lock()

    def start(data):
        name = data.get("JobName")
        job = glue._jobs.get(name) or {}
        most = (job.get("ExecutionProperty") or {}).get("MaxConcurrentRuns") or 1
        with guard:
            running = [run for run in glue._job_runs.get(name, []) if run["JobRunState"] not in ENDED]
            if job and len(running) >= most:
                message = f"Concurrent runs exceeded for {name}"
                return error_response_json("ConcurrentRunsExceededException", message, 400)
            return start_job_run(data)

    def create(data):
        answer = create_job(data)
        if data.get("Name") in glue._jobs and "ExecutionProperty" in data:
            glue._jobs[data["Name"]].setdefault("ExecutionProperty", data["ExecutionProperty"])
        return answer

    glue._execute_subprocess = run_script
    glue._start_job_run = start
    glue._create_job = create
