"""Lambda event source mappings change their state in time, and refuse changes meanwhile.

In moto they are Enabled or Disabled at once, a mapping is found by the spelling its function was
named with, and an unknown one is an answer without an error's name. No function runs here: a
mapping is its state, and whoever plays Lambda for it asks for that.
"""

from __future__ import annotations

import time
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import EventSourceMapping, LambdaBackend

from autoscaler.local.mappings import MappingState, created

_UNKNOWN = "The resource you requested does not exist."
_IN_USE = "Cannot update the event source mapping because it is in use."


def apply() -> None:
    """Correct moto."""
    create, tell = EventSourceMapping.__init__, EventSourceMapping.get_configuration
    update, delete = (
        LambdaBackend.update_event_source_mapping,
        LambdaBackend.delete_event_source_mapping,
    )

    def begin(self: Any, spec: dict[str, Any]) -> None:
        create(self, spec)
        self.phase = created(time.time(), enabled=bool(self.enabled))

    def told(self: Any) -> dict[str, Any]:
        return {**tell(self), "State": self.phase.at(time.time())}

    def change(self: Any, uuid: str, spec: dict[str, Any]) -> Any:
        phase = _changeable(self, uuid)
        updated = update(self, uuid, spec)
        updated.phase = phase.updated(time.time(), enabled=bool(updated.enabled))
        return updated

    def remove(self: Any, uuid: str) -> Any:
        _changeable(self, uuid)
        return delete(self, uuid)

    EventSourceMapping.__init__ = begin
    EventSourceMapping.get_configuration = told
    LambdaBackend.update_event_source_mapping = change
    LambdaBackend.delete_event_source_mapping = remove
    LambdaBackend.list_event_source_mappings = _listed


def _changeable(backend: Any, uuid: str) -> MappingState:
    found = backend.get_event_source_mapping(uuid)
    if found is None:
        raise _refusal("ResourceNotFoundException", _UNKNOWN, 404)
    phase: MappingState = found.phase
    if phase.changes(time.time()):
        raise _refusal("ResourceInUseException", _IN_USE, 400)
    return phase


def _refusal(code: str, message: str, status: int) -> LambdaClientError:
    refusal = LambdaClientError(code, message)
    refusal.code = status
    return refusal


def _listed(backend: Any, event_source_arn: str | None, function_name: str | None) -> list[Any]:
    return [
        each
        for each in backend._event_source_mappings.values()
        if event_source_arn in (None, "", each.event_source_arn)
        and _is_of(each.function_arn, function_name)
    ]


def _is_of(arn: str, name: str | None) -> bool:
    """Whether a function's ARN is that of a name: plain, partial or whole."""
    return not name or arn == name or arn.split(":")[6] == name.rsplit("function:", 1)[-1]
