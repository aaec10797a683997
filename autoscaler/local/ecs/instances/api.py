"""The container instance operations of the ECS API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import invalid
from autoscaler.local.ecs.instances.hosts import Host, Hosts, counted, render_host
from autoscaler.local.ecs.paging import read_page, read_token, token

if TYPE_CHECKING:
    from collections.abc import Callable

    from autoscaler.local.ecs.bends import Ask
    from autoscaler.local.ecs.catalog import Catalog

    Operation = Callable[[Ask], dict[str, Any]]

_PAGE = 100
_STATES = ("ACTIVE", "DRAINING")


class EcsInstances:
    """Answers the container instance operations; its user sees to one at a time."""

    def __init__(self, catalog: Catalog, hosts: Hosts) -> None:
        self._catalog = catalog
        self._hosts = hosts
        self.operations: dict[str, Operation] = {
            "ListContainerInstances": self._list,
            "DescribeContainerInstances": self._describe,
            "UpdateContainerInstancesState": self._update,
        }

    def _list(self, ask: Ask) -> dict[str, Any]:
        wanted, after = ask.body.get("status"), read_token(ask.body)
        arns = [one.arn for one in self._here(ask) if wanted in (None, one.status)]
        rest = sorted(arn for arn in arns if arn > after)
        size = read_page(ask.body, _PAGE)
        answer: dict[str, Any] = {"containerInstanceArns": rest[:size]}
        if len(rest) > size:
            answer["nextToken"] = token(rest[size - 1])
        return answer

    def _describe(self, ask: Ask) -> dict[str, Any]:
        return self._answer({name: self._find(ask, name) for name in _names(ask.body)})

    def _update(self, ask: Ask) -> dict[str, Any]:
        """Draining keeps what runs and takes nothing new; only a service's tasks move away."""
        status = ask.body.get("status")
        if status not in _STATES:
            raise invalid(f"Container instance status should be one of {list(_STATES)}.")
        found = {name: self._find(ask, name) for name in _names(ask.body)}
        for host in filter(None, found.values()):
            host.status = status
            host.version += 1
        return self._answer(found)

    def _answer(self, found: dict[str, Host | None]) -> dict[str, Any]:
        return {
            "containerInstances": [self._rendered(one) for one in found.values() if one],
            "failures": [
                {"arn": name, "reason": "MISSING"} for name, one in found.items() if one is None
            ],
        }

    def _rendered(self, host: Host) -> dict[str, Any]:
        on_it = self._hosts.tasks_on(host)
        return render_host(host, self._hosts.free(host), counted(on_it))

    def _here(self, ask: Ask) -> list[Host]:
        return self._hosts.of_cluster(self._catalog.cluster(ask.place, ask.cluster).arn)

    def _find(self, ask: Ask, name: str) -> Host | None:
        ends = {one.arn.rsplit("/", 1)[1]: one for one in self._here(ask)}
        return ends.get(name.rsplit("/", 1)[-1])


def _names(body: dict[str, Any]) -> list[str]:
    names: list[str] = body.get("containerInstances", [])
    if not names:
        raise invalid("Container instances cannot be empty.")
    if len(names) > _PAGE:
        raise invalid(f"At most {_PAGE} container instances can be given in one request.")
    return names
