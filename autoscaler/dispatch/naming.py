"""Names of a group's launch, the same for whoever repeats it, and what follows from them."""

from __future__ import annotations

import hashlib

from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.messages import Group


def token(installation: str, fleet: str, group: Group, n: int) -> str:
    """RunTask's ``clientToken`` for a group: 48 hex digits, where ECS allows 64 characters.

    Of the messages and how often each was received: a batch that is handed out twice starts
    nothing twice, and one that comes again because it was refused is not answered with that old
    refusal, which ECS repeats under its token [ECS idempotency]. ``n`` tells apart the tries of
    one delivery.
    """
    ids = sorted(f"{message.id} {message.receives}" for message in group)
    text = "\0".join(("dispatch", installation, fleet, *ids, str(n)))
    return hashlib.sha256(text.encode()).hexdigest()[:48]


def object_key(prefix: str, queue: str, group: Group, named: str) -> str:
    """Where a group's payload lies: under its queue, named by its first message and its launch.

    With the launch's token, so that no later group that begins with the same message overwrites
    what a task has still to read.
    """
    folder = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    return f"{folder}{queue}/{group[0].id}-{named[:12]}.json"


def provider(named: str, live_on_demand: int, spot: Spot, on_demand: Provider) -> Provider:
    """Where a group's task runs: first the base is filled, then the share of Spot decides.

    By the token and not by chance, so that whoever repeats a launch asks for the same again.
    Over many launches this comes to the share; nobody has to remember anything for it.
    """
    if live_on_demand < spot.on_demand_base:
        return on_demand
    drawn = int(named[:13], 16) / 16**13
    return Provider.FARGATE_SPOT if drawn < spot.share else on_demand
