"""Where other services of this process, such as CloudFormation, reach its ECS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from autoscaler.local.ecs.model import Place

    Answer = Callable[[str, dict[str, Any], Place], dict[str, Any]]


@dataclass(slots=True)
class Desk:
    """The ECS that answers; the server says which before anybody asks."""

    answer: Answer | None = None

    def ask(self, operation: str, body: dict[str, Any], place: Place) -> dict[str, Any]:
        """Carry out one operation. Raises the EcsError AWS answers with."""
        if self.answer is None:
            raise RuntimeError("no ECS runs in this process")
        return self.answer(operation, body, place)


DESK = Desk()
