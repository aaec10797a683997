"""What only AWS itself can do to you, by HTTP: capacity running out, Spot interruptions, faults.

`POST /_local/capacity {"FARGATE_SPOT": 3}` (null lifts the limit; `{}` only asks),
`POST /_local/interrupt {"tasks": [arn, ...]}` or `{"provider": "FARGATE_SPOT", "count": 2}`,
`POST /_local/faults {"faults": [...]}` replaces the fault script (`{}` only asks),
`POST /_local/tasks {}` tells all tasks as they truly are, whatever faults make ECS say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from autoscaler.local.faults.reading import read_script
from autoscaler.local.wsgi import answer_json, read_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autoscaler.local.ecs.api import EcsTasks
    from autoscaler.local.ecs.model import Task
    from autoscaler.local.faults.force import Faults
    from autoscaler.local.wsgi import App, Environ, StartResponse

    Order = Callable[[dict[str, Any]], dict[str, Any]]

PREFIX = "/_local/"


class Control:
    """A WSGI middleware: orders under `/_local/` are carried out, all else goes to `behind`."""

    def __init__(
        self, tasks: EcsTasks, faults: Faults, wake: Callable[[], None], behind: App
    ) -> None:
        self._tasks = tasks
        self._faults = faults
        self._wake = wake
        self._behind = behind
        self._orders: dict[str, Order] = {
            "capacity": self._capacity,
            "interrupt": self._interrupt,
            "faults": self._replace_faults,
            "tasks": lambda _: {"tasks": self._tasks.everything()},
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return self._behind(environ, start_response)
        order = self._orders.get(path.removeprefix(PREFIX))
        if order is None:
            known = ", ".join(PREFIX + name for name in self._orders)
            return answer_json(start_response, 404, {"error": f"unknown order; use {known}"})
        try:
            return answer_json(start_response, 200, order(_read(environ)))
        except ValueError as problem:
            return answer_json(start_response, 400, {"error": str(problem)})
        finally:
            self._wake()

    def _capacity(self, body: dict[str, Any]) -> dict[str, Any]:
        if not all(each is None or (isinstance(each, int) and each >= 0) for each in body.values()):
            raise ValueError("capacity is a number of tasks by provider, or null for no limit")
        return dict(self._tasks.set_capacity(body))

    def _interrupt(self, body: dict[str, Any]) -> dict[str, Any]:
        if not body.keys() & {"tasks", "provider"}:
            raise ValueError('say which tasks: {"tasks": [arn]} or {"provider": name, "count": n}')
        return {"tasks": self._tasks.interrupt(_chosen_by(body), body.get("count"))}

    def _replace_faults(self, body: dict[str, Any]) -> dict[str, Any]:
        if body:
            self._faults.replace(read_script(body))
        return {"faults": self._faults.report()}


def _read(environ: Environ) -> dict[str, Any]:
    try:
        value = json.loads(read_body(environ) or b"{}")
    except json.JSONDecodeError as problem:
        raise ValueError("the body is not JSON") from problem
    if not isinstance(value, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004  (the user's mistake)
    return value


def _chosen_by(body: dict[str, Any]) -> Callable[[Task], bool]:
    arns, provider = body.get("tasks"), body.get("provider")
    return lambda task: (arns is None or task.arn in arns) and provider in (None, task.pool)
