"""Nothing is left behind, whatever way the local AWS ends: no process, no port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.local_aws import QUICK, Ecs, exists, unique, until

from autoscaler.local import LocalAws

_PARENT = """
import sys, threading
from autoscaler.local import LocalAws, LocalSettings, TaskDelays
made = []
start = lambda: made.append(LocalAws.start(LocalSettings(delays=TaskDelays(0.2, 0.2, 0.2))))
if sys.argv[1] == "thread":
    thread = threading.Thread(target=start); thread.start(); thread.join()
else:
    start()
print(made[0].endpoint_url, made[0].pid, flush=True)
sys.stdin.readline()
if sys.argv[1] == "crash":
    raise SystemError("as a bug would")
"""
_BUSY = "trap '' TERM INT HUP; (trap '' TERM INT HUP; sleep 60) & echo $$ $! > {0}; wait; sleep 60"


@dataclass
class Alive:
    """A running local AWS with a task that does not want to end."""

    endpoint_url: str
    server: int
    processes: list[int]

    def assert_gone(self) -> None:
        for pid in [self.server, *self.processes]:
            until(lambda pid=pid: not exists(pid))
        host, port = re.findall(r"//(.+):(\d+)", self.endpoint_url)[0]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, int(port)), timeout=5).close()


def with_a_task(endpoint_url: str, server: int, folder: Path) -> Alive:
    note = folder / unique("note")
    ecs = Ecs.at(endpoint_url)
    ecs.launch("sh", "-c", _BUSY.format(note))
    pids = until(lambda: note.read_text().split() if note.exists() else None)
    (guard,) = children(server, "guard.py")
    alive = Alive(endpoint_url, server, [*map(int, pids), guard])
    assert all(map(exists, alive.processes))
    return alive


def children(parent: int, running: str) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            is_child = int(status.read_text().rpartition(")")[2].split()[1]) == parent
            if is_child and running in (status.parent / "cmdline").read_text():
                found.append(int(status.parent.name))
    return found


@contextmanager
def server(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "autoscaler.local", "--start-up", "200ms"]
    popen = subprocess.Popen(
        [*command, "--data-dir", str(folder / "data")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield popen
    finally:
        with suppress(ProcessLookupError):
            popen.kill()
        popen.communicate()


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGINT, 0),
        (signal.SIGTERM, 0),
        (signal.SIGHUP, 0),
        (signal.SIGKILL, -signal.SIGKILL),
        (signal.SIGSEGV, -signal.SIGSEGV),
    ],
    ids=lambda each: each.name if isinstance(each, signal.Signals) else "",
)
def test_nothing_outlives_a_server_that_ends_by(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    with server(tmp_path) as popen:
        assert popen.stdout is not None
        alive = with_a_task(popen.stdout.readline().strip(), popen.pid, tmp_path)
        popen.send_signal(number)
        assert popen.wait(20) == status
        alive.assert_gone()


@pytest.mark.parametrize("way", ["kill", "terminate", "crash", "end"])
def test_nothing_outlives_the_process_that_started_it(way: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, way],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        endpoint_url, pid = parent.stdout.readline().split()
        alive = with_a_task(endpoint_url, int(pid), tmp_path)
        if way in ("kill", "terminate"):
            parent.send_signal(signal.SIGKILL if way == "kill" else signal.SIGTERM)
        parent.communicate("")
        alive.assert_gone()


def test_the_end_of_the_thread_that_started_it_is_not_the_end(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, "thread"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        endpoint_url, pid = parent.stdout.readline().split()
        with_a_task(endpoint_url, int(pid), tmp_path)
        parent.communicate("")


def test_a_server_ends_when_its_lifeline_is_closed() -> None:
    theirs, ours = os.pipe()
    command = [sys.executable, "-m", "autoscaler.local", "--lifeline", str(theirs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=(theirs,)) as popen:
        os.close(theirs)
        assert popen.stdout is not None
        assert popen.stdout.readline()
        os.close(ours)
        assert popen.wait(20) == 0


def test_stopping_ends_everything_and_can_be_done_twice(tmp_path: Path) -> None:
    aws = LocalAws.start(QUICK)
    alive = with_a_task(aws.endpoint_url, aws.pid, tmp_path)
    aws.stop()
    aws.stop()
    alive.assert_gone()
    assert not aws.logs_dir.exists()


def test_tasks_end_with_the_server_even_if_their_guard_was_killed(tmp_path: Path) -> None:
    with server(tmp_path) as popen:
        assert popen.stdout is not None
        url = popen.stdout.readline().strip()
        note = tmp_path / "note"
        Ecs.at(url).launch("sh", "-c", f"echo $$ > {note}; exec sleep 60")
        pid = int(until(lambda: note.read_text() if note.exists() else None))
        os.kill(children(popen.pid, "guard.py")[0], signal.SIGKILL)
        popen.kill()
        until(lambda: not exists(pid))
