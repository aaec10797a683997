"""From a target to the desired count of a service, both ways.

Up as soon as it is wanted, down only when it can be spared::

    target -> raised to the highest want of a while -> raised to what is in hand
           -> held while somebody else has the service in hand -> held by the cool-downs

The counts are absolute, so whoever repeats one changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from autoscaler.core import handover
from autoscaler.core.actions import Nothing, SetDesired
from autoscaler.core.altered import altered
from autoscaler.core.changes import SHOWS_WITHIN, settled
from autoscaler.core.model import Cause, Decision, Observation, Reason
from autoscaler.core.rules import FleetRules
from autoscaler.core.service import Change, Course, Service, ServiceRules, Want
from autoscaler.core.suspension import SetSuspension
from autoscaler.core.tasks import Fleet
from autoscaler.core.units import format_duration

LEFT_ALONE = 600.0
"""Seconds for which a count that somebody else has set is left as it is: time to finish what they
are at, or to run `autoscaler pause`."""
DEPLOYING_ALONE = 600.0
"""Seconds of a deployment after which waiting messages count for more, and tasks are added: one
that waits for protected tasks may take as long as their work does."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What follows for a service, why, and what is remembered of it."""

    action: SetDesired | SetSuspension | Nothing
    reasons: tuple[Reason, ...]
    course: Course


@dataclass(frozen=True, slots=True)
class _Step:
    """A count on its way from what there is to what is set."""

    now: int
    wanted: int
    reasons: tuple[Reason, ...] = ()

    def to(self, count: int, cause: Cause, text: str) -> _Step:
        """Another count, and why."""
        return replace(self, wanted=count, reasons=(*self.reasons, Reason(cause, text)))

    def stay(self, cause: Cause, text: str) -> _Step:
        """No change after all."""
        return self if self.wanted == self.now else self.to(self.now, cause, text)


def fleet_with(service: Service, fleet: Fleet) -> Fleet:
    """The fleet with the tasks that its service still lacks: they are on their way."""
    return replace(fleet, unseen=max(0, service.desired - len(fleet.tasks)))


def steer(decision: Decision, seen: Observation, course: Course, rules: FleetRules) -> Heading:
    """What the desired count becomes, and why it is not what was decided."""
    service, how = seen.service, rules.service
    if service is None or how is None:
        return Heading(Nothing(), (), course)
    course = settled(handover.looked_at(course, service), service.desired, seen.now)
    course = _with_others(course, service.desired, decision, seen.now)
    if decision.target is None:
        return Heading(Nothing(), (), course)
    before = service.desired if course.count is None else course.count
    course = _wanting(course, Want(seen.now, decision.target), before, how)
    other = handover.handover(service, course, how.when_scaled_by_others)
    if other is not None:
        return Heading(other, (handover.told(other, service),), course)
    most = rules.limits.max_launches_per_tick
    step = _added(_Step(before, decision.target), course, how, most, seen.now)
    step = _spared(step, course, how, rules.limits.max_tasks, seen)
    step = _alone(step, service, course, seen.now)
    if step.wanted == before:
        return Heading(Nothing(), step.reasons, course)
    text = f"The desired count of {service.name} goes from {before} to {step.wanted}."
    return Heading(
        SetDesired(step.wanted, before), (*step.reasons, Reason(Cause.DESIRED, text)), course
    )


# ------------------------------------------------------------------------------- what counts


def _wanting(course: Course, want: Want, before: int, how: ServiceRules) -> Course:
    """With what is wanted now. Of a service never looked at before, what it keeps was wanted.

    A want is kept while it may be the highest of the wants up to some later one.
    """
    since = want.at - how.scale_in.stabilization
    earlier = course.wants or (Want(want.at, before),)
    kept = tuple(one for one in earlier if one.at > since and one.count > want.count)
    return altered(course, wants=(*kept, want))


def _added(step: _Step, course: Course, how: ServiceRules, most: int, now: float) -> _Step:
    if step.wanted <= step.now:
        return step
    wait = _left(course.grown_at, how.scale_out.cooldown, now)
    if wait > 0:
        text = f"No task is added for another {format_duration(wait)}: scale-out cools down."
        return step.stay(Cause.COOLDOWN, text)
    if step.wanted - step.now > most:
        text = f"Tasks to add cut from {step.wanted - step.now} to {most} by max_launches_per_tick."
        return step.to(step.now + most, Cause.MAX_LAUNCHES, text)
    return step


def _spared(
    step: _Step, course: Course, how: ServiceRules, max_tasks: int, seen: Observation
) -> _Step:
    """What of a scale-in is left once everything that speaks against it is heard."""
    if step.wanted >= step.now:
        return step
    highest = min(max_tasks, step.now, max(want.count for want in course.wants))
    if highest > step.wanted:
        window = format_duration(how.scale_in.stabilization)
        text = f"{highest} tasks are kept: so many were wanted within the last {window}."
        step = step.to(highest, Cause.STABILIZED, text)
    if not how.scale_in.protected:
        step = _kept_for_work(step, seen)
    wait = _left(course.shrunk_at, how.scale_in.cooldown, seen.now)
    if wait > 0:
        text = f"No task is taken away for another {format_duration(wait)}: scale-in cools down."
        return step.stay(Cause.COOLDOWN, text)
    return step


def _kept_for_work(step: _Step, seen: Observation) -> _Step:
    """ECS stops tasks whether they work or not, so at least as many are left as may be at work."""
    counts = [reading.in_flight for reading in seen.readings.values()]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return step.stay(Cause.BUSY, "No task is taken away: what is in flight is unknown.")
    busy = min(step.now, sum(known))
    if busy > step.wanted:
        text = f"{busy} tasks are kept: {sum(known)} messages are in flight, and tasks that work "
        return step.to(busy, Cause.BUSY, text + "are not said to be protected.")
    return step


def _left(at: float | None, cooldown: float, now: float) -> float:
    """Seconds until a cool-down is over."""
    return 0.0 if at is None else at + cooldown - now


# -------------------------------------------------------------------------------- whose it is


def _alone(step: _Step, service: Service, course: Course, now: float) -> _Step:
    """No change while somebody else has the service in hand; says who."""
    name = service.name
    if service.status != "ACTIVE":
        return step.stay(Cause.NOT_ACTIVE, f"The service {name} is {service.status}, so it stays.")
    if service.scaled_by:
        text = f"The service {name} is scaled by {service.scaled_by}, so nothing is changed here."
        return step.stay(Cause.SCALED_BY_OTHERS, text)
    if course.changed:
        return step.stay(Cause.CHANGED_BY_OTHERS, _told(course.changed, name, now))
    if service.deployment and not _overdue(step, service, now):
        text = f"{service.deployment} is being deployed to {name}, so its desired count stays."
        return step.stay(Cause.DEPLOYMENT, text)
    return step


def _overdue(step: _Step, service: Service, now: float) -> bool:
    """Whether tasks are added in spite of a deployment; none is taken away during one."""
    since = now if service.deploying_since is None else service.deploying_since
    return step.wanted > step.now and now - since >= DEPLOYING_ALONE


def _told(changed: Change, name: str, now: float) -> str:
    left = format_duration(changed.at + LEFT_ALONE - now)
    return (
        f"Somebody else has set the desired count of {name} from {changed.ours} to "
        f"{changed.theirs}, so it is left alone for another {left}."
    )


def _with_others(course: Course, desired: int, decision: Decision, now: float) -> Course:
    """With what others did since, as far as the count that ECS shows tells."""
    changed = course.changed
    if changed and now - changed.at >= LEFT_ALONE:
        course = altered(course, changed=None)
    if course.count is None or desired == course.count:
        return altered(course, count=desired)
    if _late(course, desired, now):
        return course
    change = None if desired == decision.target else Change(now, course.count, desired)
    return altered(course, count=desired, before=None, changed=change)


def _late(course: Course, desired: int, now: float) -> bool:
    """Whether ECS still shows what was before our own setting."""
    fresh = course.set_at is not None and now - course.set_at < SHOWS_WITHIN
    return fresh and desired == course.before
