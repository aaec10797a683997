"""The Lambda: one tick an invocation, by EventBridge Scheduler or an EventBridge rule.

The schedule's input should be ``{"scheduled_time": "<aws.scheduler.scheduled-time>"}``: that
time is the tick id, the same in every retry and duplicate of an invocation, so that none of
them launches a second time. A rule's own event carries it as ``time``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import structlog

from autoscaler import controller
from autoscaler.config import load
from autoscaler.core.rules import Rulebook
from autoscaler.look import World
from autoscaler.runtime.due import of_event
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.logs import configure
from autoscaler.telemetry.records import LogLines, summary

_log = structlog.get_logger("autoscaler")

SAVING_SECONDS = 15.0
"""Kept back from Lambda's time: one launch that hangs until it times out, and the last save."""
CONFIG_VARIABLE = "AUTOSCALER_CONFIG"
DEFAULT_FILE = "autoscaler.yaml"


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Run the tick the event was scheduled for; returns a summary for each fleet."""
    world, book = _installation()
    now = world.clock.now()
    due = of_event(event, now)
    if now - due >= book.period:
        return _dropped(due, now)
    records = controller.tick(world, book, due, _deadline(context, now))
    return {"fleets": [{"end": record.end.value, **summary(record)} for record in records]}


def _dropped(due: int, now: float) -> dict[str, Any]:
    """An invocation that comes a period late has been overtaken: its view is worth nothing."""
    _log.warning("tick_dropped", tick=due, late_seconds=round(now - due, 1))
    return {"fleets": [], "dropped": f"the tick of second {due} comes {now - due:.0f} s late"}


def _deadline(context: object, now: float) -> float:
    """Until when launches may begin, so that outcomes are saved before Lambda ends us."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return now + remaining() / 1000.0 - SAVING_SECONDS if remaining else math.inf


@cache
def _installation() -> tuple[World, Rulebook]:
    """Made once, at the first invocation, and kept while the Lambda stays warm."""
    configure()
    files = os.environ.get(CONFIG_VARIABLE, DEFAULT_FILE).split(os.pathsep)
    settings = load(files, os.environ)
    return AwsWorld(settings, LogLines()).world(settings), settings.rulebook()
