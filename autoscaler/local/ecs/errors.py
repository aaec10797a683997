"""The errors ECS answers with, in its own codes and sentences."""

from __future__ import annotations

from typing import Any


class EcsError(Exception):
    """An answer of HTTP 400 with a code; `extra` are the members it has besides the message."""

    def __init__(self, code: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the JSON body the AWS JSON 1.1 protocol asks for."""
        return {"__type": self.code, "message": self.message, **self.extra}


def invalid(message: str) -> EcsError:
    """Make an InvalidParameterException."""
    return EcsError("InvalidParameterException", message)


def client_error(message: str) -> EcsError:
    """Make a ClientException."""
    return EcsError("ClientException", message)


def cluster_not_found() -> EcsError:
    """Make the answer for a cluster that does not exist or was deleted."""
    return EcsError("ClusterNotFoundException", "Cluster not found.")


def service_not_found() -> EcsError:
    """Make the answer for a service that does not exist, or no longer."""
    return EcsError("ServiceNotFoundException", "Service not found.")


def conflict(task_arns: list[str]) -> EcsError:
    """Make the answer for a client token that was used with other parameters."""
    return EcsError(
        "ConflictException",
        "The client token was already used with different parameters.",
        resourceIds=task_arns,
    )
