"""Runs one command and prints, as the last line of standard output, how long it took, how long
it kept processors busy, and how much memory it held at most.

Usage: measure.py SECONDS MEGABYTES COMMAND... - the limits after which the command and all that it started is killed.
The memory is that of the command's process, which none of the measured tools leaves.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

POLL_SECONDS = 0.1


def resident_megabytes(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line.split() for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0][1]) * 1024 / 1e6 if lines else 0


def measure(seconds, megabytes, command):
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    ended = None
    try:
        while process.poll() is None:
            if time.monotonic() - started > seconds:
                ended = "time"
            elif resident_megabytes(process.pid) > megabytes:
                ended = "memory"
            if ended:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                break
            time.sleep(POLL_SECONDS)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    taken = time.monotonic() - started
    output = process.stdout.read()
    # Kilobytes on Linux, bytes on macOS.
    unit = 1024 if sys.platform == "linux" else 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "status": process.returncode,
        "endedBy": ended,
        "processSeconds": round(taken, 3),
        "processorSeconds": round(used.ru_utime + used.ru_stime, 3),
        "peakMegabytes": round(used.ru_maxrss * unit / 1e6, 1),
        "answer": output.strip().splitlines()[-1] if output.strip() else "",
    }


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])))
