"""Registering a service with Application Auto Scaling moves its desired count within the bounds.

AWS does so at every RegisterScalableTarget, also at one that names no bounds or only suspends the
scaling (API reference, RegisterScalableTarget); moto only keeps the target. Of a target that is new
both bounds are required; moto makes one that has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscaler.local.wsgi import answer_json, json_of, read_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autoscaler.local.ecs.api import EcsTasks
    from autoscaler.local.ecs.model import Place
    from autoscaler.local.wsgi import App, Environ, StartResponse

_REGISTER = "AnyScaleFrontendService.RegisterScalableTarget"
_DIMENSION = "ecs:service:DesiredCount"


class ScalableTargets:
    """A WSGI middleware: `behind` registers, then the service is moved within its bounds."""

    def __init__(self, tasks: EcsTasks, place_of: Callable[[Environ], Place], behind: App) -> None:
        self._tasks = tasks
        self._place_of = place_of
        self._behind = behind

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("HTTP_X_AMZ_TARGET") != _REGISTER:
            return self._behind(environ, start_response)
        asked = json_of(read_body(environ))
        if self._is_new_without_bounds(asked, self._place_of(environ)):
            text = "Both MinCapacity and MaxCapacity must be given for a new scalable target."
            told = {"__type": "ValidationException", "Message": text}
            return answer_json(start_response, 400, told)
        answer = list(self._behind(environ, start_response))
        if asked.get("ScalableDimension") == _DIMENSION:
            self._move(str(asked.get("ResourceId")), self._place_of(environ))
        return answer

    def _is_new_without_bounds(self, asked: dict[str, Any], place: Place) -> bool:
        ours = asked.get("ScalableDimension") == _DIMENSION
        bounded = {"MinCapacity", "MaxCapacity"} <= {*asked}
        return ours and not bounded and _target(str(asked.get("ResourceId")), place) is None

    def _move(self, resource: str, place: Place) -> None:
        target = _target(resource, place)
        if target is None:  # moto refused it
            return
        _, cluster, name = resource.split("/")
        one = {"cluster": cluster, "services": [name]}
        for service in self._tasks.answer("DescribeServices", one, place)["services"]:
            desired = service["desiredCount"]
            within = max(target.min_capacity, min(target.max_capacity, desired))
            if within != desired:
                wanted = {"cluster": cluster, "service": name, "desiredCount": within}
                self._tasks.answer("UpdateService", wanted, place)


def _target(resource: str, place: Place) -> Any:
    from moto.applicationautoscaling.models import (  # noqa: PLC0415  (slow, seldom wanted)
        applicationautoscaling_backends,
    )

    backend = applicationautoscaling_backends[place.account][place.region]
    return backend.targets.get(_DIMENSION, {}).get(resource)
