"""Deciding once more from what a record says, by value or by its text."""

from __future__ import annotations

import json

from autoscaler.core.record import Record, from_json, to_json
from autoscaler.core.rules import FleetRules
from autoscaler.operations.replay.again import decide_again


def replays(record: Record, rules: FleetRules) -> bool:
    """Whether these rules make of its observation what they made of it then."""
    again = decide_again(record, rules)
    return again.same if again else record.decision is None


def text_replays(record: Record, rules: FleetRules) -> bool:
    """Whether they do so from the record's text."""
    return replays(from_json(json.loads(json.dumps(to_json(record), allow_nan=False))), rules)
