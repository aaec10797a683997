"""Carrying out what was decided and saved: the one place that changes anything in a world."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from autoscaler.core.actions import Failure, FailureKind, Intent, Outcome
from autoscaler.core.ledger import CARRIED_OUT_WITHIN
from autoscaler.core.suspension import Saved, Suspending
from autoscaler.look import World, trouble_of

SET_WITHIN = 30.0
"""Seconds after which what was saved for a service is not set any more: the last to set it
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


def tell(world: World, fleet: str, one: Saved, deadline: float) -> Outcome:
    """Set how many tasks a service keeps, or who else scales it; nothing is raised."""
    until = min(deadline, one.saved_at + SET_WITHIN)
    if isinstance(one, Suspending):
        return _asked(world, partial(world.services.suspend, fleet, one.action.to), until)
    return _asked(world, partial(world.services.set_desired, fleet, one.action.count), until)


def _asked(world: World, ask: Callable[[], Outcome], until: float) -> Outcome:
    if world.clock.now() >= until:
        return LATE
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - nobody knows how far it came: it is in doubt
        return Outcome(unsure=trouble_of(error))
