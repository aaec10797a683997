"""ListTasks: its filters, which of them AWS allows together, and its pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import invalid
from autoscaler.local.ecs.model import Status
from autoscaler.local.ecs.paging import read_page, read_token, token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autoscaler.local.ecs.model import Task

_FILTERS = (
    "containerInstance",
    "daemonName",
    "desiredStatus",
    "family",
    "launchType",
    "serviceName",
    "startedBy",
)
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """A checked ListTasks request."""

    filters: dict[str, str]
    page_size: int
    after: int

    def matches(self, task: Task, as_of: float) -> bool:
        """Whether this task belonged on the list at this time.

        The desired status counts, RUNNING unless given: so a task shows from PROVISIONING on until
        it is asked to stop, and PENDING matches nothing.
        """
        wanted = {"desiredStatus": str(Status.RUNNING), **self.filters}
        return task.created_at <= as_of and _facts(task, as_of).items() >= wanted.items()


def read_listing(body: dict[str, Any]) -> Listing:
    """Check a ListTasks body. Raises InvalidParameterException."""
    filters = {name: str(body[name]) for name in _FILTERS if body.get(name)}
    if "startedBy" in filters and len(filters) > 1:
        raise invalid("startedBy cannot be combined with other filters.")
    if filters.get("desiredStatus", "RUNNING") not in ("RUNNING", "PENDING", "STOPPED"):
        raise invalid("desiredStatus should be one of [RUNNING,PENDING,STOPPED]")
    if "containerInstance" in filters:
        filters["containerInstance"] = filters["containerInstance"].rsplit("/", 1)[-1]
    if "serviceName" in filters:
        filters["serviceName"] = filters["serviceName"].rsplit("/", 1)[-1]
    return Listing(filters, read_page(body, _PAGE), _after(body))


def page(tasks: Iterable[Task], listing: Listing, as_of: float = math.inf) -> dict[str, Any]:
    """Answer ListTasks from the tasks of one cluster in the order of their launch."""
    rest = (task for task in tasks if task.number > listing.after)
    found = [task for task in rest if listing.matches(task, as_of)]
    answer: dict[str, Any] = {"taskArns": [task.arn for task in found[: listing.page_size]]}
    if len(found) > listing.page_size:
        answer["nextToken"] = token(str(found[listing.page_size - 1].number))
    return answer


def _facts(task: Task, as_of: float) -> dict[str, str | None]:
    service = task.group.removeprefix("service:") if task.group.startswith("service:") else None
    return {
        "containerInstance": task.host and task.host.rsplit("/", 1)[-1],
        "desiredStatus": str(_desired(task, as_of)),
        "family": task.family,
        "launchType": task.launch_type,
        "serviceName": service,
        "startedBy": task.started_by,
    }


def _desired(task: Task, as_of: float) -> Status:
    stopping = task.stopping_at is not None and task.stopping_at <= as_of
    return Status.STOPPED if stopping else Status.RUNNING


def _after(body: dict[str, Any]) -> int:
    last = read_token(body)
    if last and not last.isdigit():
        raise invalid("Invalid token.")
    return int(last or 0)
