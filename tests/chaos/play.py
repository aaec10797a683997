"""One chaos run: work comes in bursts, everything fails now and then, and it has to end at zero."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from autoscaler.local import LocalAws, LocalSettings, TaskDelays
from chaos.controllers import Controller
from chaos.deliveries import handlings
from chaos.figures import Figures, add_up, hits
from chaos.mischief import Mischief
from chaos.options import Options, faults
from chaos.replays import replayed
from chaos.stage import Stage, configuration

QUIET = 4.0
"""Seconds of an empty queue and no task, two periods, until that is believed to be the end."""
LOOKS = 0.25


@dataclass
class Sender:
    """Sends the work in bursts of different sizes, from a thread of its own."""

    stage: Stage
    options: Options
    random: Random
    sent: set[str] = field(default_factory=set)

    def run(self) -> None:
        left = self.options.messages
        for burst in range(self.options.bursts, 0, -1):
            size = left if burst == 1 else round(left / burst * self.random.uniform(0.5, 1.5))
            self._send(min(left, size))
            left -= min(left, size)
            time.sleep(self.random.uniform(1.0, 7.0) if left else 0)

    def _send(self, count: int) -> None:
        for start in range(0, count, 10):
            entries = [{"Id": str(n), "MessageBody": "x"} for n in range(min(10, count - start))]
            answer = self.stage.sqs.send_message_batch(QueueUrl=self.stage.url, Entries=entries)
            self.sent.update(each["MessageId"] for each in answer["Successful"])


def play(options: Options, directory: Path, say: Callable[[str], None]) -> Figures:
    """Run it all once; logs and records are left in the directory."""
    settings = LocalSettings(
        delays=TaskDelays.start_up(1.5, deprovisioning=0.5), metrics_period=2, data_dir=directory
    )
    with LocalAws.start(settings) as aws:
        stage = Stage.build(aws.environment)
        sender = Sender(stage, options, Random(f"{options.seed}/send"))
        aws.set_faults(faults(options.seed))
        started = time.monotonic()
        with _controllers(options, directory, aws) as controllers:
            mischief = Mischief(Random(f"{options.seed}/kill"), aws.pid, controllers)
            _until_zero(options, aws, sender, mischief, say)
        seconds = time.monotonic() - started
        return Figures(
            seed=options.seed,
            max_tasks=options.max_tasks,
            workers_killed=mischief.killed["workers"],
            controllers_killed=mischief.killed["controllers"],
            faults=hits(aws.faults()),
            left_in_queue=stage.left(),
            seconds=round(seconds, 1),
            **replayed(directory),
            **add_up(aws.tasks(), sender.sent, list(handlings(aws.logs_dir))),
        )


@contextmanager
def _controllers(options: Options, directory: Path, aws: LocalAws) -> Iterator[list[Controller]]:
    file = configuration(options, directory)
    controllers = [Controller(file, n, aws.environment) for n in range(options.controllers)]
    try:
        yield controllers
    finally:
        for each in controllers:
            each.stop()


def _until_zero(
    options: Options,
    aws: LocalAws,
    sender: Sender,
    mischief: Mischief,
    say: Callable[[str], None],
) -> None:
    thread = threading.Thread(target=sender.run, name="sender", daemon=True)
    thread.start()
    started = quiet_since = time.monotonic()
    while (now := time.monotonic()) - started < options.patience:
        for each in mischief.controllers:
            each.keep_alive()
        live = sum(task["lastStatus"] != "STOPPED" for task in aws.tasks())
        left = sender.stage.left()
        say(f"{now - started:4.0f} s  {len(sender.sent)} sent, {left} left, {live} tasks")
        if left or live or thread.is_alive():
            quiet_since = now
            mischief.at(now - started)
        elif now - quiet_since >= QUIET:
            return
        time.sleep(LOOKS)
