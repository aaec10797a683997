"""The port ``Actions`` on ECS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from autoscaler.aws.attempts import doubt_in
from autoscaler.aws.clients import Clients
from autoscaler.aws.kinds import kind_of_error, kind_of_text
from autoscaler.aws.run_task import request
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain, unexpected
from autoscaler.core.actions import Failure, FailureKind, Intent, Outcome
from autoscaler.core.settings import Settings

_UNSAID = Failure(
    "nothing launched", "ECS gave no reason; check the vCPU quotas", FailureKind.QUOTA
)
"""Neither tasks nor failures: seen where the vCPU quota was used up."""


class EcsActions:
    """Carries out launches by RunTask."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._settings = settings
        self._clients = clients

    def launch(self, fleet: str, intent: Intent) -> Outcome:
        """Start the intent's tasks under its token; repeating it starts none a second time.

        Refused means: nothing was launched, for certain. Whatever may have reached ECS and left
        no answer is unsure, and may be repeated under the same token.
        """
        attempts = self._clients.run_task_attempts
        attempts.forget()
        chosen = self._settings.fleets[fleet]
        try:
            asked = request(self._settings.installation, fleet, chosen, intent)
            answer = self._clients.ecs(chosen.region, chosen.role).run_task(**asked)
        except CALL_ERRORS as error:
            return _ended_by(error, attempts.doubt, f"launch tasks of the fleet {fleet}")
        return _answered(answer)


def _answered(answer: Mapping[str, Any]) -> Outcome:
    """Fewer tasks than asked for are no error to ECS: ``failures`` say why [ECS RunTask]."""
    if "tasks" not in answer:
        return Outcome(unsure=str(unexpected("RunTask")))
    tasks = tuple(task["taskArn"] for task in answer["tasks"])
    failures = tuple(_failure(failure) for failure in answer.get("failures", ()))
    return Outcome(tasks, failures if tasks or failures else (_UNSAID,))


def _failure(told: Mapping[str, Any]) -> Failure:
    reason, detail = told.get("reason") or "unknown", told.get("detail") or ""
    return Failure(reason, detail, kind_of_text(f"{reason} {detail}"))


def _ended_by(error: Exception, earlier_doubt: str | None, doing: str) -> Outcome:
    if isinstance(error, ClientError) and code_of(error) == "ConflictException":
        return _launched_before(error, doing)
    doubt = earlier_doubt or doubt_in(error)
    if doubt is not None:
        return Outcome(unsure=f"cannot tell whether tasks were launched: {doubt}")
    reason = code_of(error) if isinstance(error, ClientError) else type(error).__name__
    failure = Failure(reason, explain(error, doing), kind_of_error(error))
    return Outcome(failures=(failure,), turned_away=True)


def _launched_before(error: ClientError, doing: str) -> Outcome:
    """The token was used with other parameters: before a change of configuration, say."""
    tasks = tuple(_resource_ids(error.response))
    return Outcome(tasks=tasks) if tasks else Outcome(unsure=explain(error, doing))


def _resource_ids(answer: Mapping[str, Any]) -> list[str]:
    ids: list[str] = answer.get("resourceIds", [])
    return ids
