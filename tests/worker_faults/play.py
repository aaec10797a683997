"""One run: messages of every kind, workers that are killed and started again, until all is done."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from support.worker_process import Bay, bay

from autoscaler.local import LocalAws, LocalSettings
from worker_faults.figures import Ends, Figures, Step, done, overlapping, read_steps, repeated

SHARES = {"slow": 0.02, "failing": 0.05, "hanging": 0.002, "crashing": 0.002, "poison": 0.004}
VISIBILITY, TIME_LIMIT = 2, 9
MAX_RECEIVES = 12
"""Every kill costs what it held a receive; a sound message never comes near to it."""
EVERY = (0.7, 2.5)
"""Seconds between two kills."""
LOOKS = 0.2


@dataclass(frozen=True)
class Options:
    messages: int = 5000
    seed: int = 1
    workers: int = 5
    slots: int = 8

    @property
    def patience(self) -> float:
        """Seconds after which a run is called stuck."""
        return 120.0 + 0.06 * self.messages


@dataclass
class Crew:
    """The workers, when some of them were killed, and what they wrote."""

    bay: Bay
    options: Options
    random: Random
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: dict[tuple[int, str], float] = field(default_factory=dict)
    logs: dict[int, Path] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def tend(self) -> None:
        """Replace who ended."""
        self.processes = [each for each in self.processes if each.poll() is None]
        while len(self.processes) < self.options.workers:
            self.counts["started"] += 1
            self.processes.append(self._start())

    def strike(self) -> None:
        """Ask one to end, or kill it."""
        number = self.random.choice([signal.SIGTERM, signal.SIGKILL])
        victim = self.random.choice(self.processes)
        victim.send_signal(number)
        self.counts[number.name] += 1
        if number == signal.SIGKILL:
            self.killed[victim.pid, ""] = time.time()

    def stop(self) -> None:
        """Ask all to end, and wait for it."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        flags = [
            *("--handler", "worker_faults.handler:handle", "--slots", str(self.options.slots)),
            *("--time-limit", f"{TIME_LIMIT}s", "--retry-cap", "1s", "--grace", "3s"),
            *("--wait", "300ms", "--poll", "0s", "--minimum-stay", "1d", "--circuit", "off"),
        ]
        log = self.bay.folder / f"worker-{self.counts['started']}.log"
        command = [sys.executable, "-m", "autoscaler.worker", "--queue", self.bay.url, *flags]
        with log.open("wb") as stream:
            process = subprocess.Popen(command, stderr=stream, env=self.bay.environment())
        self.logs[process.pid] = log
        return process


def bodies(options: Options) -> list[str]:
    """The messages: of every kind its share, at least one, in an order by chance."""
    made = [
        f"{kind}-{number}"
        for kind, share in SHARES.items()
        for number in range(max(1, round(share * options.messages)))
    ]
    made += [f"quick-{number}" for number in range(options.messages - len(made))]
    Random(options.seed).shuffle(made)
    return made


def play(options: Options, folder: Path, say: Callable[[str], None]) -> Figures:
    """Run it all once; the logs are left in the folder."""
    started, sent = time.monotonic(), bodies(options)
    with (
        LocalAws.start(LocalSettings(data_dir=folder / "aws")) as aws,
        bay(aws.endpoint_url, folder, VISIBILITY, MAX_RECEIVES) as queue,
    ):
        crew = Crew(queue, options, Random(f"{options.seed}/kill"))
        with _at_work(crew):
            queue.send(sent)
            _until_empty(crew, started + options.patience, say)
        return _figures(crew, sent, time.monotonic() - started)


@contextmanager
def _at_work(crew: Crew) -> Iterator[None]:
    try:
        crew.tend()
        yield
    finally:
        crew.stop()


def _until_empty(crew: Crew, end: float, say: Callable[[str], None]) -> None:
    strike_at = time.monotonic() + EVERY[1]
    while (now := time.monotonic()) < end:
        left = sum(crew.bay.counts())
        say(f"{left} left, {crew.counts['started']} workers so far")
        if not left:
            return
        crew.tend()
        if now >= strike_at:
            crew.strike()
            strike_at = now + crew.random.uniform(*EVERY)
        time.sleep(LOOKS)


def _figures(crew: Crew, sent: Sequence[str], seconds: float) -> Figures:
    queue = crew.bay
    steps = read_steps(queue.handled())
    dead, poison = _dead(queue), {body for body in sent if body.startswith("poison")}
    finished = done(steps)
    waiting = sum(queue.counts())
    return Figures(
        seed=crew.options.seed,
        messages=len(sent),
        done=len(finished),
        lost=len(set(sent) - finished - dead) - waiting,
        dead=len(dead & poison),
        poison=len(poison),
        innocent_dead=len(dead - poison),
        handlings=sum(each.step == "start" for each in steps),
        repeated_after_success=repeated(steps),
        overlapping=len(overlapping(steps, {**crew.killed, **_crashed(steps), **_given_up(crew)})),
        most_receives=max(each.receive for each in steps if each.body in poison),
        max_receives=MAX_RECEIVES,
        terminated=crew.counts["SIGTERM"],
        killed=crew.counts["SIGKILL"],
        workers_started=crew.counts["started"],
        left_in_queue=waiting,
        seconds=round(seconds, 1),
    )


def _dead(queue: Bay) -> set[str]:
    """The bodies of the dead letters; each is received once, and none is left visible."""
    found: set[str] = set()
    while True:
        answer = queue.sqs.receive_message(QueueUrl=queue.dead_url, MaxNumberOfMessages=10)
        messages = answer.get("Messages", [])
        if not messages:
            return found
        found |= {each["Body"] for each in messages}


def _crashed(steps: Sequence[Step]) -> Ends:
    """When workers were killed by what they handled."""
    first = (each for each in steps if each.step == "start" and each.receive == 1)
    return {(each.pid, ""): each.at for each in first if each.body.startswith("crashing")}


def _given_up(crew: Crew) -> Ends:
    """When workers gave messages up, by their logs: over the time limit, or back at a stop."""
    return {
        (pid, event["message_id"]): event["time"]
        for pid, log in crew.logs.items()
        for event in _events(log)
        if event["event"] in ("failed", "given_back")
    }


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text(errors="replace").splitlines():
        with contextlib.suppress(ValueError):  # a killed worker's last line
            yield json.loads(line)
