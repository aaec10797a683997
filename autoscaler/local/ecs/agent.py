"""The container agent's endpoint for scale-in protection, as tasks find it in ECS_AGENT_URI.

`GET` and `PUT $ECS_AGENT_URI/task-protection/v1/state`, without a signature, about the task itself
only; requests and answers as on the developer guide's page on the task scale-in protection
endpoint.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from autoscaler.local.ecs.errors import EcsError
from autoscaler.local.ecs.model import Place
from autoscaler.local.wsgi import answer_json, json_of, read_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autoscaler.local.ecs.api import EcsTasks
    from autoscaler.local.wsgi import App, Environ, StartResponse

AGENT = "/_local/agent/"
"""The path under which each task, by its ARN, has an agent of its own."""
_STATE = "/task-protection/v1/state"


class AgentEndpoint:
    """A WSGI middleware: what tasks say to their agent is answered, all else goes to `behind`."""

    def __init__(self, tasks: EcsTasks, wake: Callable[[], None], behind: App) -> None:
        self._tasks = tasks
        self._wake = wake
        self._behind = behind

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        if not (path.startswith(AGENT) and path.endswith(_STATE)):
            return self._behind(environ, start_response)
        arn = path.removeprefix(AGENT).removesuffix(_STATE)
        body = json_of(read_body(environ)) if environ["REQUEST_METHOD"] == "PUT" else None
        try:
            return answer_json(start_response, 200, self._ask(arn, body))
        except EcsError as problem:
            told = {"Arn": arn, "Code": problem.code, "Message": problem.message}
            return answer_json(start_response, 400, {"error": told})
        finally:
            self._wake()

    def _ask(self, arn: str, body: dict[str, Any] | None) -> dict[str, Any]:
        region, account, path = arn.split(":", 5)[3:6]
        asked: dict[str, Any] = {"cluster": path.split("/")[1], "tasks": [arn]}
        operation = "GetTaskProtection"
        if body is not None:
            operation = "UpdateTaskProtection"
            asked["protectionEnabled"] = body.get("ProtectionEnabled")
            if body.get("ExpiresInMinutes") is not None:
                asked["expiresInMinutes"] = body["ExpiresInMinutes"]
        return _in_its_words(self._tasks.answer(operation, asked, Place(account, region)))


def _in_its_words(answer: dict[str, Any]) -> dict[str, Any]:
    for failure in answer["failures"]:
        return {"failure": {"Arn": failure["arn"], "Reason": failure["reason"]}}
    (task,) = answer["protectedTasks"]
    told = {"ProtectionEnabled": task["protectionEnabled"], "TaskArn": task["taskArn"]}
    if "expirationDate" in task:
        ends = datetime.fromtimestamp(task["expirationDate"], UTC)
        told["ExpirationDate"] = ends.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"protection": told}
