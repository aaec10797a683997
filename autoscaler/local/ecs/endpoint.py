"""The ECS task operations over HTTP (AWS JSON 1.1), in front of whatever answers the rest."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.bends import BEND, STRAIGHT, Bend
from autoscaler.local.ecs.errors import EcsError
from autoscaler.local.wsgi import answer_json, read_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autoscaler.local.ecs.api import EcsTasks
    from autoscaler.local.ecs.model import Place
    from autoscaler.local.wsgi import App, Environ, StartResponse

_TARGET = "AmazonEC2ContainerServiceV20141113."


class EcsEndpoint:
    """A WSGI middleware: task operations are answered here, all else by `behind`."""

    def __init__(
        self,
        tasks: EcsTasks,
        wake: Callable[[], None],
        place_of: Callable[[Environ], Place],
        behind: App,
    ) -> None:
        self._tasks = tasks
        self._wake = wake
        self._place_of = place_of
        self._behind = behind

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if not target.startswith(_TARGET):
            return self._behind(environ, start_response)
        operation = target.removeprefix(_TARGET)
        body = _json(read_body(environ))
        if not self._tasks.handles(operation, body):
            return self._behind(environ, start_response)
        status, response = self._answer(operation, body, environ)
        return answer_json(start_response, status, response, x_amzn_RequestId=str(uuid.uuid4()))

    def _answer(
        self, operation: str, body: dict[str, Any], environ: Environ
    ) -> tuple[int, dict[str, Any]]:
        bend: Bend = environ.get(BEND, STRAIGHT)
        try:
            return 200, self._tasks.answer(operation, body, self._place_of(environ), bend)
        except EcsError as error:
            return 400, error.body()
        finally:
            self._wake()


def _json(body: bytes) -> dict[str, Any]:
    value = json.loads(body or b"{}")
    return value if isinstance(value, dict) else {}
