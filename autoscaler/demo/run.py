"""The demo: the queue-processing blueprint's own use case, from pictures to zero."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autoscaler.demo.interruptions import Interruptions
from autoscaler.demo.parts import Parts
from autoscaler.demo.pictures import make_pictures
from autoscaler.demo.policies import Choice, choose
from autoscaler.demo.promised import promised
from autoscaler.demo.quick_window import install
from autoscaler.demo.stage import Clients, Stage
from autoscaler.demo.supervisor import Supervisor
from autoscaler.demo.verdict import Summary, clue, summarize
from autoscaler.demo.view import View
from autoscaler.demo.watch import Watcher
from autoscaler.local import LocalAws, LocalSettings, TaskDelays

PERIOD = 2.0
"""Seconds between ticks; two minutes in production."""
START_UP = 3.0
"""Seconds from RunTask to a running task; 30 to 90 on Fargate."""
METRICS_PERIOD = 2.0
"""Seconds between publications of CloudWatch metrics; 60 on AWS."""
GLIMPSES = 0.5
"""Seconds between looks."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user chooses about a demo."""

    messages: int = 300
    seed: int = 1
    keep: bool = False
    policy: str = "depth"
    interrupt: int = 0
    promise: float | None = None
    """Seconds; None: the policy's own."""

    @property
    def patience(self) -> float:
        """Seconds after which the demo is called stuck."""
        return 120.0 + 0.5 * self.messages


def play(options: Options, view: View, finished: Callable[[Summary], None]) -> Summary:
    """Run the whole demo; the summary, given to ``finished`` as well, says how it went."""
    choice = choose(options.policy, options.promise)
    with ExitStack() as stack:
        directory = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="autoscaler-demo-"))
        )
        view.say("Starting an AWS on this computer.")
        settings = LocalSettings(
            delays=TaskDelays.start_up(START_UP),
            metrics_period=METRICS_PERIOD,
            metrics_early=choice.metrics_early,
            data_dir=directory,
        )
        aws = stack.enter_context(LocalAws.start(settings))
        base = 0 if options.interrupt else 1  # a single task is on Spot where Spot is to interrupt
        scene = stack.enter_context(_scene(aws, directory, view, choice, base))
        interruptions = Interruptions(aws, options.interrupt, view.say)
        with view:
            summary = scene.play(options, view, interruptions)
        finished(summary)
        if summary.problems(options.messages) and (
            told := clue(scene.watcher.tasks(), aws.logs_dir)
        ):
            view.say(told)
        if options.keep:
            _keep(aws, scene, view)
        return summary


@contextmanager
def _scene(
    aws: LocalAws, directory: Path, view: View, choice: Choice, on_demand_base: int
) -> Iterator[_Scene]:
    clients, stage = Clients.of(aws.environment), Stage()
    view.say("Making buckets, queues, a cluster and a task definition.")
    url = stage.build(clients)
    install(directory / "plug-ins")
    environment = {**aws.environment, "PYTHONPATH": _with(directory / "plug-ins")}
    configuration = stage.configuration(clients, directory, PERIOD, choice.policies, on_demand_base)
    records, log = directory / "records.jsonl", directory / "controller.log"
    with Supervisor(configuration, records, log, environment) as controller:
        watcher = Watcher(clients, stage, url, records)
        parts = Parts(two=choice.pauses)
        yield _Scene(clients, stage, watcher, controller, aws.logs_dir, parts, choice.promise)


def _with(directory: Path) -> str:
    """What Python searches, with this directory before all else."""
    return os.pathsep.join([str(directory), *filter(None, [os.environ.get("PYTHONPATH")])])


@dataclass(slots=True)
class _Scene:
    clients: Clients
    stage: Stage
    watcher: Watcher
    controller: Supervisor
    logs: Path
    parts: Parts
    promise: float | None
    told: str | None = None
    """Where the status page was said to be."""

    def play(self, options: Options, view: View, interruptions: Interruptions) -> Summary:
        """Upload pictures and watch until everything is at zero again, or patience ends."""
        if self.promise is not None:
            self._wait_for_a_look(options.patience)
        started = time.monotonic()
        view.say(f"Uploading {options.messages} pictures; the bucket notifies the queue.")
        sent: list[str] = []
        stop = threading.Event()
        uploader = threading.Thread(target=self._upload, args=(options, sent, stop))
        uploader.start()
        try:
            self._watch(options, view, uploader, started, interruptions)
        finally:
            stop.set()
            self.parts.go_on()
            uploader.join()
        seconds = time.monotonic() - started
        summary = summarize(self.clients, self.stage, self.watcher, sent, self.logs, seconds)
        kept = promised(self.clients, self.stage, self.promise)
        return replace(summary, interruptions=interruptions.count(), promise=kept)

    def _wait_for_a_look(self, patience: float) -> None:
        """At the empty queue: nobody can know how long what was there before has waited."""
        until = time.monotonic() + patience
        while not self.watcher.glimpse().controller_sees_zero and time.monotonic() < until:
            self.controller.keep_alive()
            time.sleep(GLIMPSES)

    def _tell_address(self, view: View) -> None:
        address = self.controller.address() if self.told is None else None
        if address:
            view.say(f"Its status page: {address}")
            self.told = address

    def _upload(self, options: Options, sent: list[str], stop: threading.Event) -> None:
        for number, (name, jpeg) in enumerate(make_pictures(options.messages, options.seed)):
            self.parts.wait(number, options.messages)
            if stop.is_set():
                return
            self.clients.s3.put_object(
                Bucket=self.stage.source, Key=name, Body=jpeg, ContentType="image/jpeg"
            )
            sent.append(name)

    def _watch(
        self,
        options: Options,
        view: View,
        uploader: threading.Thread,
        started: float,
        interruptions: Interruptions,
    ) -> None:
        while (elapsed := time.monotonic() - started) < options.patience:
            self.controller.keep_alive()
            self._tell_address(view)
            uploading = uploader.is_alive()
            glimpse = self.watcher.glimpse()
            view.show(glimpse, options.messages, elapsed)
            self.parts.look(glimpse)
            interruptions.look(glimpse)
            if glimpse.at_zero and glimpse.launched and not uploading:
                return
            uploader.join(GLIMPSES) if uploading else time.sleep(GLIMPSES)


def _keep(aws: LocalAws, scene: _Scene, view: View) -> None:
    """Leave it all up for other clients, until Ctrl-C."""
    view.say(f"It stays up until Ctrl-C, with its status page: {scene.controller.address()}")
    view.say("For other clients:")
    for name, value in aws.environment.items():
        view.say(f"export {name}={value}")
    view.say("(Version 1 of the AWS command line wants --endpoint-url for its sqs commands.)")
    try:
        while True:
            scene.controller.keep_alive()
            time.sleep(GLIMPSES)
    except KeyboardInterrupt:
        view.say("Stopping.")
