"""The names under which launches are known to AWS, the same for whoever repeats one."""

from __future__ import annotations

import hashlib

from autoscaler.core.model import Action, Intent, Launch


def client_token(installation: str, fleet: str, tick: int, n: int) -> str:
    """RunTask's ``clientToken``: 48 hex digits, where ECS allows 64 characters.

    ``n`` tells apart the launches of one tick, and advances only on a known refusal: ECS
    repeats the first result of a token, its failures too [ECS idempotency].
    """
    text = "\0".join((installation, fleet, str(tick), str(n)))
    return hashlib.sha256(text.encode()).hexdigest()[:48]


def intents_for(
    actions: tuple[Action, ...], installation: str, fleet: str, tick: int, now: float
) -> tuple[Intent, ...]:
    """The intents to save before these actions are carried out."""
    launches = [action for action in actions if isinstance(action, Launch)]
    return tuple(
        Intent(client_token(installation, fleet, tick, n), tick, n, launch, now)
        for n, launch in enumerate(launches)
    )
