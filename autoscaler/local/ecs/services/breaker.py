"""The deployment circuit breaker: a deployment whose tasks do not start is given up.

Its threshold is half the desired count, at least 3 and at most 200 tasks (developer guide, page on
the deployment circuit breaker).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from autoscaler.local.ecs.services import events

if TYPE_CHECKING:
    from autoscaler.local.ecs.services.model import Service

_LEAST, _MOST = 3, 200


def give_up(service: Service, now: float) -> None:
    """Fail the newest deployment if its tasks do not start, and go back if that was asked for."""
    chosen = service.asked.get("deploymentConfiguration", {}).get("deploymentCircuitBreaker", {})
    primary = service.primary
    if not chosen.get("enable") or primary.completed or primary.given_up:
        return
    if primary.failed < min(_MOST, max(_LEAST, math.ceil(service.desired / 2))):
        return
    primary.given_up, primary.updated_at = True, now
    events.failed(service, primary, now)
    good = next((each for each in service.replaced if each.completed), None)
    if chosen.get("rollback") and good is not None:
        events.rolled_back(service, good, now)
        service.deployments.remove(good)
        service.deployments.insert(0, good)
