"""Commands that are started once and get their messages as lines of JSON: `--exec-stream`.

One line in for each message, one line out when it ended, with the `id` of the line that came in:

    {"id": "1", "body": "...", "message_id": "...", "queue": "...", "receive_count": 1,
     "group": null, "sent_at": "...", "attributes": {}}
    {"id": "1", "status": "done"}

`status` is done, failed, later (with `seconds`, if given) or unavailable; `error` says why. What
else is printed on standard output is passed on. There is one process a slot, so each has one
message at a time and a crash fails that one only; `--exec-processes` shares fewer processes, which
then tell their messages apart by `id`. `{"id": "1", "stop": true}` asks to end a message that is
given up, where the process has others; where it has none, the process is ended.
"""

import itertools
import json
import threading
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from random import Random

from autoscaler.worker.backoff import back_off_seconds
from autoscaler.worker.bench import Then, run_daemon
from autoscaler.worker.commands import CommandError, texts, words_of
from autoscaler.worker.message import Message
from autoscaler.worker.settings import CommandSettings
from autoscaler.worker.stream_life import Life

LONGEST_PAUSE_SECONDS = 30.0
"""Before a process that keeps crashing is started again."""


@dataclass(slots=True, eq=False)
class Job:
    """A message on its way into a process."""

    id: str
    message: Message
    then: Then
    given_up: threading.Event = field(default_factory=threading.Event)


class Streams:
    """The processes; the one with the least to do gets the next message."""

    def __init__(self, command: CommandSettings) -> None:
        words = words_of(command.line)
        stop = command.stop_signal
        self._streams = [Stream(words, number, stop) for number in range(command.processes)]
        self._numbers = itertools.count(1)
        self._jobs: dict[str, tuple[Stream, Job]] = {}
        self._choosing = threading.Lock()

    def start(self, message: Message, then: Then) -> None:
        """Give the message to a process."""

        def ended(error: BaseException | None) -> None:
            self._jobs.pop(message.receipt, None)
            then(error)

        with self._choosing:
            stream = min(self._streams, key=lambda each: len(each.jobs))
            job = Job(str(next(self._numbers)), message, ended)
            self._jobs[message.receipt] = stream, job
            stream.take(job)

    def abandon(self, message: Message) -> None:
        """Ask the message's process to stop with it."""
        if found := self._jobs.get(message.receipt):
            stream, job = found
            stream.give_up(job)

    def close(self) -> None:
        """Kill what still works; the others end with their standard input."""
        for stream in self._streams:
            stream.close()


class Stream:
    """One process after the other. Its lines are written by a thread that a full pipe may stop."""

    def __init__(self, words: list[str], number: int, stop_signal: int | None) -> None:
        self.jobs: dict[str, Job] = {}
        self._words, self._name = words, f"stream-{number + 1}"
        self._stop_signal = stop_signal
        self._lines: SimpleQueue[tuple[Job, bytes]] = SimpleQueue()
        self._life: Life | None = None
        self._crashes = 0
        self._random = Random(number)
        run_daemon(self._work_off, name=self._name)

    def take(self, job: Job) -> None:
        """Pass a message on, soon."""
        self.jobs[job.id] = job
        self._lines.put((job, _line(job)))

    def give_up(self, job: Job) -> None:
        """End the process if the message is all it has; else ask it."""
        job.given_up.set()
        life = self._life
        if life is None:
            return
        if len(self.jobs) == 1:
            life.end()
        else:
            self._lines.put((job, json.dumps({"id": job.id, "stop": True}).encode() + b"\n"))

    def close(self) -> None:
        """Kill the process if it still works."""
        life = self._life
        if life is not None and self.jobs:
            life.kill()

    def _work_off(self) -> None:
        while True:
            job, line = self._lines.get()
            if job.id in self.jobs:
                self._pass_on(job, line)

    def _pass_on(self, job: Job, line: bytes) -> None:
        try:
            life = self._living(job)
        except OSError as error:
            self._crashes += 1
            self._ended(job.id, CommandError(f"the command cannot be started: {error}"))
            return
        if life is None:
            self._ended(job.id, CommandError("given up before a command had it"))
            return
        if self._stop_signal:
            job.message.on_stop(partial(life.tell_to_stop, self._stop_signal))
        if not life.write(job.id, line):
            self._ended(job.id, CommandError(f"the command {life.over} before it had the message"))

    def _living(self, job: Job) -> Life | None:
        """Return the process, started again after a pause if it is gone; None: not wanted.

        Who gives up while a process is started finds none that it could end: so it is asked last.
        """
        if self._life and self._life.over:
            self._life = None
            self._crashes += 1
        if self._life is None:
            if self._crashes:
                pause = back_off_seconds(self._crashes, LONGEST_PAUSE_SECONDS, self._random)
                job.given_up.wait(pause)
            if not job.given_up.is_set():
                self._life = Life(self._words, self._name, self._answered, self._crashed)
            if job.given_up.is_set():
                return None
        return self._life

    def _answered(self, job_id: str, error: BaseException | None) -> None:
        self._crashes = 0
        self._ended(job_id, error)

    def _crashed(self, job_ids: frozenset[str], error: BaseException) -> None:
        for job_id in job_ids:
            self._ended(job_id, error)

    def _ended(self, job_id: str, error: BaseException | None) -> None:
        """Tell how a message ended, once: an answer and a crash may say it twice."""
        job = self.jobs.pop(job_id, None)
        if job is not None:
            job.then(error)


def _line(job: Job) -> bytes:
    message = job.message
    sent_at = None if message.sent_at is None else message.sent_at.isoformat()
    told = {
        "id": job.id,
        "body": message.body,
        "message_id": message.id,
        "queue": message.queue,
        "receive_count": message.receive_count,
        "group": message.group,
        "sent_at": sent_at,
        "attributes": texts(message.attributes),
    }
    return json.dumps(told).encode() + b"\n"
