"""Carrying out what was decided and saved: the one place that changes anything in a world."""

from __future__ import annotations

from collections.abc import Callable

from autoscaler.core.actions import Failure, FailureKind, Intent, Outcome, Setting
from autoscaler.core.ledger import CARRIED_OUT_WITHIN
from autoscaler.look import World, trouble_of

SET_WITHIN = 30.0
"""Seconds after which a desired count that was saved is not set any more: the last to set one
counts, and others may have decided since. What was not set, the next tick decides afresh."""
LATE = Outcome(
    failures=(Failure("the tick had no time left", kind=FailureKind.LATE),), turned_away=True
)


def launch(world: World, fleet: str, intent: Intent, deadline: float) -> Outcome:
    """Launch the tasks of an intent; nothing is raised."""
    return _asked(
        world,
        lambda: world.actions.launch(fleet, intent),
        min(deadline, intent.saved_at + CARRIED_OUT_WITHIN),
    )


def set_desired(world: World, fleet: str, setting: Setting, deadline: float) -> Outcome:
    """Set how many tasks a service keeps; nothing is raised."""
    count = setting.action.count
    return _asked(
        world,
        lambda: world.services.set_desired(fleet, count),
        min(deadline, setting.saved_at + SET_WITHIN),
    )


def _asked(world: World, ask: Callable[[], Outcome], until: float) -> Outcome:
    if world.clock.now() >= until:
        return LATE
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - nobody knows how far it came: it is in doubt
        return Outcome(unsure=trouble_of(error))
