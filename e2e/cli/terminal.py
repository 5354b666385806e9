"""Plays a person at a terminal: runs a command on a pseudo-terminal, waits for what it shows, and types.

Reads one JSON object from stdin: command, environment, steps (expect: a regular expression, send: what is typed then)
and timeout in seconds. Writes one: code, and screen, everything that was shown.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

spec = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvpe(spec["command"][0], spec["command"], spec["environment"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))

screen = ""
seen = 0
steps = list(spec["steps"])
ends = time.monotonic() + spec["timeout"]
while time.monotonic() < ends:
    readable, _, _ = select.select([terminal], [], [], 0.1)
    if readable:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        screen += chunk.decode("utf-8", "replace")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen)
    while steps:
        match = re.compile(steps[0]["expect"]).search(plain, seen)
        if match is None:
            break
        seen = match.end()
        # A question is drawn before it listens.
        time.sleep(0.2)
        os.write(terminal, steps.pop(0)["send"].encode())
else:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
json.dump({"code": os.waitstatus_to_exitcode(status), "screen": screen, "left": steps}, sys.stdout)
