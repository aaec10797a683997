"""Deciding once more from what a record says."""

from __future__ import annotations

import json

from autoscaler.core.codec import decode, encode
from autoscaler.core.decide import decide
from autoscaler.core.model import Observation
from autoscaler.core.record import Record, to_json
from autoscaler.core.rules import FleetRules


def replays(record: Record, rules: FleetRules) -> bool:
    """Whether these rules make of its observation what they made of it then."""
    seen = record.observation
    if seen is None:
        return record.decision is None
    return decide(seen, rules, record.notes) == record.decision


def text_replays(record: Record, rules: FleetRules) -> bool:
    """Whether they do so from the record's text."""
    form = json.loads(json.dumps(to_json(record), allow_nan=False))
    if record.decision is None:
        return "decision" not in form and "observation" not in form
    seen = decode(Observation, form["observation"])
    again = decide(seen, rules, form.get("notes", {}))
    return bool(encode(again) == form["decision"])
