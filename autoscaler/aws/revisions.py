"""Which revision of its task definition each fleet's tasks run."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from autoscaler.aws.sightings import GROUP

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import TaskTypeDef

_REVISION = re.compile(r".+:(\d+)")


class Revisions:
    """The newest revision of its task definition that each fleet's tasks were seen with.

    A family names its latest revision, which changes with every deployment; the tasks tell, so
    that nobody has to ask again and again.
    """

    def __init__(self) -> None:
        self._newest: dict[str, str] = {}
        self._lock = threading.Lock()

    def note(self, seen: TaskTypeDef, installation: str) -> None:
        """Take in one task, if it is one of ours."""
        group, definition = seen.get("group", ""), seen.get("taskDefinitionArn", "")
        if seen.get("startedBy") != installation or not group.startswith(GROUP):
            return
        fleet = group.removeprefix(GROUP)
        with self._lock:
            if number(definition) > number(self._newest.get(fleet, "")):
                self._newest[fleet] = definition

    def of(self, fleet: str) -> str | None:
        """Its ARN; None: no task of the fleet was seen yet."""
        return self._newest.get(fleet)


def number(definition: str) -> int:
    """Of the revision that a task definition's name or ARN ends with; 0: it names a family."""
    found = _REVISION.fullmatch(definition)
    return int(found[1]) if found else 0
