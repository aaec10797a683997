"""A change of a service: saved before it is made, and what became of it."""

from __future__ import annotations

from autoscaler.core import handover
from autoscaler.core.actions import Nothing, Outcome, SetDesired, Setting
from autoscaler.core.altered import altered
from autoscaler.core.service import Course
from autoscaler.core.suspension import Saved, SetSuspension, Suspending

SHOWS_WITHIN = 60.0
"""Seconds for which ECS may still show the count from before ours: its API is eventually
consistent, and a tick of its own may look at once."""


def saving(
    course: Course, action: SetDesired | SetSuspension | Nothing, tick: int, now: float
) -> Course:
    """With what is about to be done, before it is."""
    if isinstance(action, SetSuspension):
        return handover.with_suspending(course, Suspending(tick, action, now))
    if isinstance(action, Nothing):
        return course
    return altered(course, setting=Setting(tick, action, now))


def answered(course: Course, saved: Saved | None, answer: Outcome | None) -> Course:
    """With what AWS said to it. What is in doubt stays: the next look tells."""
    if saved is None or answer is None or course.saved != saved or answer.unsure:
        return course
    if isinstance(saved, Suspending):
        return handover.with_answer(course, saved, done=not answer.failures)
    return altered(course, setting=None) if answer.failures else _carried_out(course, saved)


def settled(course: Course, desired: int, now: float) -> Course:
    """A setting whose answer nobody saw, as the count that ECS shows now tells it."""
    setting = course.setting
    if setting is None:
        return course
    if desired == setting.action.count:
        return _carried_out(course, setting)
    young = now - setting.saved_at < SHOWS_WITHIN and desired == setting.action.before
    return course if young else altered(course, setting=None)


def _carried_out(course: Course, setting: Setting) -> Course:
    count, before, at = setting.action.count, setting.action.before, setting.saved_at
    grew = count > before
    return altered(
        course,
        setting=None,
        count=count,
        before=before,
        set_at=at,
        grown_at=at if grew else course.grown_at,
        shrunk_at=course.shrunk_at if grew else at,
    )
