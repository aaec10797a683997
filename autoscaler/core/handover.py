"""Taking a service from Application Auto Scaling, and giving it back.

The other is suspended whole, never deregistered, and what was suspended before is remembered, so
that it is given back as it was. Whose doing a suspension is, only the memory tells: one that is
not remembered is left to whoever made it.
"""

from __future__ import annotations

from autoscaler.core.altered import altered
from autoscaler.core.model import Cause, Reason
from autoscaler.core.service import Course, Service
from autoscaler.core.suspension import WHOLE, SetSuspension, Suspending, WhenScaled


def looked_at(course: Course, service: Service) -> Course:
    """With what the look tells: what is not suspended any more is not ours to give back."""
    seen = service.suspension
    kept = course.suspended_from if seen and seen.whole else None
    if course.suspending is None and kept == course.suspended_from:
        return course
    return altered(course, suspending=None, suspended_from=kept)


def handover(service: Service, course: Course, when: WhenScaled) -> SetSuspension | None:
    """What is to be suspended or resumed now; None: nothing."""
    seen = service.suspension
    if seen is None or service.status != "ACTIVE":
        return None
    if when is WhenScaled.SUSPEND and not seen.whole:
        return SetSuspension(WHOLE, before=seen)
    if when is WhenScaled.RESUME and course.suspended_from is not None:
        return SetSuspension(course.suspended_from, before=seen)
    return None


def told(action: SetSuspension, service: Service) -> Reason:
    """Why nothing else is done in this tick."""
    text = f"Application Auto Scaling of {service.name} is resumed as it was before."
    if action.to.whole:
        text = (
            f"{service.scaled_by} is suspended for {service.name}; "
            "from the next tick on its desired count is set here."
        )
    return Reason(Cause.HANDOVER, text)


def with_suspending(course: Course, one: Suspending) -> Course:
    """With a suspension about to be set, or lifted.

    Whatever count the service has after that is nobody's doing: AWS moves it within the target's
    bounds at every RegisterScalableTarget, also at one that names none [API reference].
    """
    before = one.action.before if one.action.to.whole else course.suspended_from
    return altered(
        course,
        suspending=one,
        suspended_from=before,
        setting=None,
        count=None,
        before=None,
        changed=None,
    )


def with_answer(course: Course, one: Suspending, *, done: bool) -> Course:
    """With what AWS said to it. One that is refused leaves everything as it was."""
    ours = one.action.to.whole is done
    return altered(course, suspending=None, suspended_from=course.suspended_from if ours else None)
