"""The records of a run decided once more: none may come out otherwise."""

from __future__ import annotations

from pathlib import Path

from autoscaler.config import load
from autoscaler.operations.replay.replay import Replay
from autoscaler.telemetry.record_lines import lines


def replayed(directory: Path) -> dict[str, int]:
    """Figures of all records that the controllers of a run have left in its directory."""
    done = Replay(load([directory / "autoscaler.yaml"], {}).rulebook())
    for records in sorted(directory.glob("records-*.jsonl")):
        done.take(lines(str(records)))
    return {
        "ticks_replayed": done.ticks,
        "replayed_otherwise": done.different + done.strangers.total() + done.unreadable,
    }
