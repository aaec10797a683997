"""What became of each message, by the tasks' logs; and why one was handled more than once."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from chaos.stage import VISIBILITY

KILLED = "worker killed before it deleted the message"
INTERRUPTED = "Spot took the task back before it deleted the message"
NOT_DELETED = "every try to delete the message failed"
LATE = "visible again while it was still in hand"
UNEXPLAINED = "unexplained"


@dataclass(frozen=True)
class Handling:
    """One time that a handler finished a message."""

    message: str
    task: str
    at: float
    not_deleted: bool


def handlings(logs: Path) -> Iterator[Handling]:
    for log in logs.glob("*.worker.log"):
        events = list(_events(log))
        failed = {each["message_id"] for each in events if each["event"] == "not_deleted"}
        for each in events:
            if each["event"] == "handled":
                message = each["message_id"]
                yield Handling(message, log.name.split(".")[0], each["time"], message in failed)


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # a killed worker's last line, or a traceback
            continue


def why_twice(handled: Iterable[Handling], tasks: Mapping[str, Mapping[str, Any]]) -> Counter[str]:
    """Why messages were handled once more than needed; `tasks` by their ids."""
    by_message: dict[str, list[Handling]] = defaultdict(list)
    for each in sorted(handled, key=lambda each: each.at):
        by_message[each.message].append(each)
    return Counter(
        _why(before, after, tasks[before.task])
        for times in by_message.values()
        for before, after in pairwise(times)
    )


def _why(before: Handling, after: Handling, task: Mapping[str, Any]) -> str:
    """What kept the earlier handling from being the last."""
    if before.not_deleted:
        return NOT_DELETED
    if task.get("stopCode") == "SpotInterruption":
        return INTERRUPTED
    if task["containers"][0].get("exitCode") == 137:
        return KILLED
    return LATE if after.at - before.at >= VISIBILITY / 2 else UNEXPLAINED
