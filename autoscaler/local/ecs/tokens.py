"""Client tokens: what RunTask answered, to answer it again.

Scope, life and answers are AWS's "Ensuring idempotency" page for ECS: a token belongs to a cluster
and lives min(24 hours, its tasks' life + 1 hour); the same parameters get the original answer,
failures included; others get a ConflictException naming the tasks.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import conflict

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_LIFE = 24 * 3600.0
KEPT_AFTER_TASKS = 3600.0


@dataclass(slots=True)
class _Answer:
    parameters: str
    response: dict[str, Any]
    given_at: float
    tasks_ended_at: float | None

    @property
    def task_arns(self) -> list[str]:
        return [task["taskArn"] for task in self.response["tasks"]]


class Tokens:
    """The answers given, by cluster and token."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], _Answer] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def recall(self, cluster_arn: str, token: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return the original answer, or None for a new token; raise ConflictException."""
        answer = self._answers.get((cluster_arn, token))
        if answer is None:
            return None
        if answer.parameters != _fingerprint(body):
            raise conflict(answer.task_arns)
        return answer.response

    def keep(
        self, cluster_arn: str, body: dict[str, Any], response: dict[str, Any], now: float
    ) -> None:
        """Remember an answer under the request's token."""
        ended = None if response["tasks"] else now
        answer = _Answer(_fingerprint(body), response, now, ended)
        self._answers[cluster_arn, body["clientToken"]] = answer

    def prune(self, is_live: Callable[[str], bool], now: float) -> None:
        """Forget the tokens whose life has ended; `is_live` tells it of a task's ARN."""
        for answer in self._answers.values():
            if answer.tasks_ended_at is None and not any(map(is_live, answer.task_arns)):
                answer.tasks_ended_at = now
        self._answers = {key: each for key, each in self._answers.items() if _lives(each, now)}


def _lives(answer: _Answer, now: float) -> bool:
    if now - answer.given_at >= LONGEST_LIFE:
        return False
    return answer.tasks_ended_at is None or now - answer.tasks_ended_at < KEPT_AFTER_TASKS


def _fingerprint(body: dict[str, Any]) -> str:
    """Tell parameters apart without keeping them: overrides may be 8 KiB a request."""
    parameters = {key: value for key, value in body.items() if key != "clientToken"}
    return hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
