"""The container agent's endpoint for scale-in protection [ECS task scale-in protection endpoint].

``PUT $ECS_AGENT_URI/task-protection/v1/state`` is answered with the protection, a failure that ECS
has with this task, or an error; no key and no permission is needed from inside but the task role's
``ecs:UpdateTaskProtection``.
"""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from autoscaler.worker.errors import LastingError, PassingError

STATE = "/task-protection/v1/state"
TIMEOUT_SECONDS = 5.0
_NEVER = {"TASK_NOT_VALID", "AccessDeniedException", "InvalidParameterException"}
"""A task that no service keeps, or whose role may not: waiting cures neither."""


class AgentEndpoint:
    """The agent of this task, at the address that ECS puts into its environment."""

    def __init__(self, address: str) -> None:
        self._at = urlsplit(address)

    def protect(self, minutes: int) -> None:
        """Have this task spared for so long from now on; 0: no longer."""
        asked: dict[str, object] = {"ProtectionEnabled": minutes > 0}
        if minutes:
            asked["ExpiresInMinutes"] = minutes
        try:
            said = self._put(json.dumps(asked))
        except (OSError, HTTPException, ValueError) as error:
            raise PassingError(f"the agent did not answer: {error}") from error
        refused = said.get("failure") or said.get("error")
        if refused:
            raise _refusal(refused)
        if "protection" not in said:
            raise PassingError("the agent's answer names no protection")

    def _put(self, body: str) -> dict[str, Any]:
        connection = HTTPConnection(self._at.netloc, timeout=TIMEOUT_SECONDS)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("PUT", self._at.path + STATE, body, headers)
            said = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if not isinstance(said, dict):
            raise ValueError("that is no answer of an agent")  # noqa: TRY004 - as bad JSON is
        return said


def _refusal(told: dict[str, Any]) -> PassingError | LastingError:
    reason = str(told.get("Reason") or told.get("Code") or "unknown")
    detail = told.get("Detail") or told.get("Message")
    text = f"{reason}: {detail}" if detail else reason
    return LastingError(text) if reason in _NEVER else PassingError(text)
