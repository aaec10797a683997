"""The names under which launches are known to AWS, the same for whoever repeats one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from autoscaler.core.actions import Action, Intent, Launch


def client_token(installation: str, fleet: str, tick: int, n: int) -> str:
    """RunTask's ``clientToken``: 48 hex digits, where ECS allows 64 characters.

    ``n`` tells apart the launches of one tick, and advances only on a known refusal: ECS
    repeats the first result of a token, its failures too [ECS idempotency].
    """
    text = "\0".join((installation, fleet, str(tick), str(n)))
    return hashlib.sha256(text.encode()).hexdigest()[:48]


@dataclass(frozen=True, slots=True)
class Namer:
    """Names the launches of one fleet at one tick."""

    installation: str
    fleet: str
    tick: int

    def intents(self, actions: Iterable[Action], first: int, now: float) -> tuple[Intent, ...]:
        """The intents to save before these actions are carried out, numbered from ``first``."""
        launches = [action for action in actions if isinstance(action, Launch)]
        return tuple(
            Intent(self._token(n), self.tick, n, launch, now)
            for n, launch in enumerate(launches, first)
        )

    def _token(self, n: int) -> str:
        return client_token(self.installation, self.fleet, self.tick, n)
