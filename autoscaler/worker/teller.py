"""Says what becomes of messages: to the log, and to the hooks."""

from collections.abc import Mapping
from dataclasses import dataclass

from autoscaler.worker.held import Held
from autoscaler.worker.hook_calls import Hooks, Step
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Bench, Report

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Teller:
    """The log gets what ends a delivery; every step would be three lines a message."""

    bench: Bench
    report: Report
    hooks: Hooks

    def received(self, message: Message) -> None:
        """Say that SQS handed it out."""
        self.hooks.tell("received", message)

    def started(self, held: Held) -> None:
        """Say that a slot took it up."""
        self.hooks.tell("started", held.message)

    def ended(
        self,
        step: Step,
        held: Held,
        facts: Mapping[str, str] = NOTHING,
        again_in: int | None = None,
    ) -> None:
        """Say what became of it; `again_in` seconds others may see it."""
        message, seconds = held.message, self._seconds(held)
        self.report(
            step,
            queue=message.queue,
            message_id=message.id,
            receive_count=message.receive_count,
            seconds=seconds,
            **facts,
        )
        self.hooks.tell(step, message, seconds, facts.get("error"), again_in)

    def _seconds(self, held: Held) -> float | None:
        began = held.started_at <= self.bench.now()
        return round(self.bench.now() - held.started_at, 3) if began else None
