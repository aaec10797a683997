"""The Lambda: one tick an invocation, by EventBridge Scheduler or an EventBridge rule.

The schedule's input should be ``{"scheduled_time": "<aws.scheduler.scheduled-time>"}``: that
time is the tick id, the same in every retry and duplicate of an invocation, so that none of
them launches a second time. A rule's own event carries it as ``time``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from autoscaler import controller
from autoscaler.config import load
from autoscaler.core.rules import Rulebook
from autoscaler.look import World
from autoscaler.runtime.due import of_event
from autoscaler.runtime.world import AwsWorld
from autoscaler.telemetry.logs import configure
from autoscaler.telemetry.records import LogLines, summary

CONFIG_VARIABLE = "AUTOSCALER_CONFIG"
DEFAULT_FILE = "autoscaler.yaml"


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Run the tick the event was scheduled for; returns a summary for each fleet."""
    del context
    world, book = _installation()
    records = controller.tick(world, book, of_event(event, world.clock.now()))
    return {"fleets": [{"end": record.end.value, **summary(record)} for record in records]}


@cache
def _installation() -> tuple[World, Rulebook]:
    """Made once, at the first invocation, and kept while the Lambda stays warm."""
    configure()
    files = os.environ.get(CONFIG_VARIABLE, DEFAULT_FILE).split(os.pathsep)
    settings = load(files, os.environ)
    return AwsWorld(settings, LogLines()).world, settings.rulebook()
