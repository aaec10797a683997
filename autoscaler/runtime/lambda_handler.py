"""The Lambda: one tick an invocation, by EventBridge Scheduler or an EventBridge rule.

The schedule's input should be ``{"scheduled_time": "<aws.scheduler.scheduled-time>"}``: that
time is the tick id, the same in every retry and duplicate of an invocation, so that none of
them launches a second time. A rule's own event carries it as ``time``.

Variables: ``AUTOSCALER_CONFIG``, see ``lambda_source``; ``AUTOSCALER_RECORDS``, ``logs`` or an
``s3://bucket/prefix``; ``AUTOSCALER_METRICS``, ``all`` or ``alarms``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from autoscaler import controller
from autoscaler.aws.clients import Clients
from autoscaler.aws.objects import Objects
from autoscaler.core.errors import AutoscalerError
from autoscaler.core.record import Record
from autoscaler.core.rules import Rulebook
from autoscaler.core.settings import Settings
from autoscaler.look import World
from autoscaler.runtime.due import of_event
from autoscaler.runtime.lambda_source import READ_AGAIN_AFTER, address, may_change, settings_at
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry import stdout
from autoscaler.telemetry.summary import summary

SAVING_SECONDS = 15.0
"""Kept back from Lambda's time: one launch that hangs until it times out, and the last save."""


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Run the tick the event was scheduled for; returns a summary for each fleet."""
    house = _house()
    now = house.aws.clock.now()
    due = of_event(event, now)
    house.refresh(now)
    if now - due >= house.book.period:
        return _dropped(due, now)
    records = controller.tick(house.aws, house.book, due, _deadline(context, now))
    _tell(records, house, due)
    house.notify(records)
    return {"fleets": [{"end": record.end.value, **summary(record)} for record in records]}


def _dropped(due: int, now: float) -> dict[str, Any]:
    """An invocation that comes a period late has been overtaken: its view is worth nothing."""
    stdout.say("tick_dropped", "warning", tick=due, late_seconds=round(now - due, 1))
    return {"fleets": [], "dropped": f"the tick of second {due} comes {now - due:.0f} s late"}


def _deadline(context: object, now: float) -> float:
    """Until when launches may begin, so that outcomes are saved before Lambda ends us."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return now + remaining() / 1000.0 - SAVING_SECONDS if remaining else math.inf


def _tell(records: Sequence[Record], house: _House, due: int) -> None:
    """Log what the tick did; records that cannot be kept cost nothing but themselves."""
    stdout.tell(records, metrics=os.environ.get("AUTOSCALER_METRICS", "all"))
    place = os.environ.get("AUTOSCALER_RECORDS", "logs")
    if not place.startswith("s3://"):
        stdout.keep(records)
        return
    day = datetime.fromtimestamp(due, UTC).strftime("%Y/%m/%d")
    key = f"{place.rstrip('/')}/{day}/{house.book.installation}-{due}.jsonl"
    try:
        house.objects.write(key, stdout.as_lines(records))
    except AutoscalerError as error:
        stdout.say("record_lost", "error", why=str(error))


def _heard(place: str, outcome: str, why: str = "") -> None:
    """Say what could not be told; the next tick tries again."""
    if outcome == "failed":
        stdout.say("notice_failed", "warning", place=place, why=why)


class _Nowhere:
    """Records are told together, after the tick."""

    def write(self, record: Record) -> None:
        """Let it go."""


@dataclass(slots=True)
class _House:
    """What lasts from one invocation to the next while the Lambda stays warm."""

    objects: Objects
    address: str
    settings: Settings
    maker: AwsWorld
    aws: World
    book: Rulebook
    read_at: float
    clients: Clients

    @classmethod
    def open(cls) -> _House:
        """Read the configuration, and make all that ticks need."""
        clients = Clients()
        objects, where = Objects(clients), address(os.environ)
        settings = settings_at(where, objects, os.environ)
        maker = AwsWorld(settings, _Nowhere(), clients)
        aws = maker.world(settings)
        now = aws.clock.now()
        return cls(objects, where, settings, maker, aws, settings.rulebook(), now, clients)

    def notify(self, records: Sequence[Record]) -> None:
        """Tell people what goes wrong, within seconds; loaded where somebody is to be told."""
        if not self.settings.notify.to:
            return
        from autoscaler.runtime.notices.assembly import (  # noqa: PLC0415 - not in a cold start
            notifier_for,
        )

        try:
            made = notifier_for(self.settings, self.aws.store, self.clients, os.environ, _heard)
        except AutoscalerError as error:
            _heard("", "failed", str(error))
            return
        if made is not None:
            made.take(records)

    def refresh(self, now: float) -> None:
        """Read a configuration outside of the package again; a bad one keeps the old."""
        if not may_change(self.address) or now - self.read_at < READ_AGAIN_AFTER:
            return
        self.read_at = now
        try:
            settings = settings_at(self.address, self.objects, os.environ)
        except AutoscalerError as error:
            why = str(error)
            stdout.say("reload_refused", "error", why=why, kept="the configuration in force")
            return
        if settings != self.settings:
            self.settings, self.aws = settings, self.maker.world(settings)
            self.book = settings.rulebook()
            stdout.say("reloaded")


@cache
def _house() -> _House:
    """Made once, at the first invocation."""
    return _House.open()
