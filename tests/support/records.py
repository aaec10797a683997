"""A record of a tick in which everything that can be told has a value."""

from __future__ import annotations

from autoscaler.core.actions import Failure, Outcome
from autoscaler.core.model import Cause, Decision, Reason
from autoscaler.core.record import End, Record
from autoscaler.core.tasks import Provider
from support import values


def record(**changed: object) -> Record:
    """Four wanted, two live, two launched of which one was refused."""
    intent = values.intent(provider=Provider.FARGATE_SPOT, count=2)
    given: dict[str, object] = {
        "installation": "test",
        "fleet": "f",
        "tick": 120,
        "at": 121.0,
        "end": End.DECIDED,
        "observation": values.observation(),
        "decision": Decision(4, 2, (Reason(Cause.POLICY_FAILED, "p is left out.", "q", "p"),)),
        "intents": (intent,),
        "outcomes": {intent.token: Outcome(("task-1",), (Failure("Capacity is unavailable"),))},
        "seconds": 0.3,
        **changed,
    }
    return Record(**given)  # type: ignore[arg-type]
