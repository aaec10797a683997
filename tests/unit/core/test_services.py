"""The desired count of a service: up at once, down only when it can be spared, never in a fight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.values import NOW, observation, queue, reading, rules, saying

from autoscaler.core.actions import Failure, Nothing, Outcome, SetDesired, Setting
from autoscaler.core.changes import SHOWS_WITHIN, answered, saving
from autoscaler.core.model import Cause, Decision, Observation
from autoscaler.core.rules import FleetRules
from autoscaler.core.service import Change, Course, ScaleIn, ScaleOut, Service, ServiceRules, Want
from autoscaler.core.services import (
    DEPLOYING_ALONE,
    LEFT_ALONE,
    Heading,
    fleet_with,
    steer,
)
from autoscaler.core.tasks import Fleet

AT_ONCE = ServiceRules(ScaleIn(stabilization=0.0, cooldown=0.0))
"""Nothing delays a scale-in but what is in flight."""


def how(service: ServiceRules = AT_ONCE, **limits: int) -> FleetRules:
    return replace(rules(queue(saying(want=1)), **limits), service=service)


def seeing(desired: int, at: float = NOW, in_flight: int | None = 0, **service: Any) -> Observation:
    look = reading(in_flight=in_flight, at=at)
    return observation(look, now=at, service=Service("svc", desired, **service))


def wanting(target: int | None) -> Decision:
    return Decision(target=target, live=0, reasons=())


def steered(
    target: int | None,
    seen: Observation,
    course: Course = Course(),  # noqa: B008 - frozen
    rules: FleetRules | None = None,
) -> Heading:
    return steer(wanting(target), seen, course, rules or how())


def causes(heading: Heading) -> list[Cause]:
    return [reason.cause for reason in heading.reasons]


class TestBothWays:
    def test_what_is_missing_is_added_at_once_and_said(self) -> None:
        heading = steered(3, seeing(0))
        assert heading.action == SetDesired(3, before=0)
        assert [one.text for one in heading.reasons] == [
            "The desired count of svc goes from 0 to 3."
        ]

    def test_what_can_be_spared_is_taken_away_down_to_zero(self) -> None:
        assert steered(0, seeing(3)).action == SetDesired(0, before=3)

    def test_enough_is_left_as_it_is_without_a_word(self) -> None:
        assert steered(2, seeing(2)).action == Nothing()
        assert steered(2, seeing(2)).reasons == ()

    def test_a_held_decision_changes_nothing(self) -> None:
        assert steered(None, seeing(3)).action == Nothing()

    def test_a_service_that_is_unknown_is_left_as_it_is(self) -> None:
        course = Course(count=2)
        assert steered(5, observation(), course) == Heading(Nothing(), (), course)

    def test_no_more_are_added_in_a_tick_than_the_limit(self) -> None:
        heading = steered(9, seeing(1), rules=how(max_launches_per_tick=4))
        assert heading.action == SetDesired(5, before=1)
        assert causes(heading) == [Cause.MAX_LAUNCHES, Cause.DESIRED]

    def test_its_fleet_counts_the_tasks_it_still_lacks_as_on_their_way(self) -> None:
        fleet = observation(live=2).fleet
        assert fleet is not None
        assert fleet_with(Service("svc", 5), fleet).live == 5
        assert fleet_with(Service("svc", 1), fleet).live == 2

    def test_tasks_that_outlive_a_scale_in_do_not_lift_the_count(self) -> None:
        """Protected tasks work on; the count goes by what ECS is to keep, not by what lives."""
        assert steered(2, seeing(1)).action == SetDesired(2, before=1)
        assert fleet_with(Service("svc", 1), Fleet(unseen=9)).live == 1


class TestScaleIn:
    CALM = how(ServiceRules(ScaleIn(stabilization=300.0, cooldown=0.0)))

    def test_the_highest_want_of_a_while_counts(self) -> None:
        course = Course(wants=(Want(NOW - 200, 5), Want(NOW - 100, 3)), count=6)
        heading = steered(1, seeing(6), course, self.CALM)
        assert heading.action == SetDesired(5, before=6)
        assert causes(heading) == [Cause.STABILIZED, Cause.DESIRED]

    def test_a_want_that_is_older_counts_no_longer(self) -> None:
        course = Course(wants=(Want(NOW - 300, 5), Want(NOW - 100, 3)), count=6)
        assert steered(1, seeing(6), course, self.CALM).action == SetDesired(3, before=6)

    def test_what_a_service_keeps_at_the_first_look_was_wanted(self) -> None:
        first = steered(0, seeing(4), rules=self.CALM)
        assert first.action == Nothing()
        later = seeing(4, at=NOW + 299)
        assert steered(0, later, first.course, self.CALM).action == Nothing()
        over = seeing(4, at=NOW + 300)
        assert steered(0, over, first.course, self.CALM).action == SetDesired(0, before=4)

    def test_wants_that_a_later_one_exceeds_are_forgotten(self) -> None:
        course = Course(wants=(Want(NOW - 200, 5), Want(NOW - 100, 3)), count=6)
        kept = steered(4, seeing(6), course, self.CALM).course.wants
        assert kept == (Want(NOW - 200, 5), Want(NOW, 4))

    def test_an_old_want_never_keeps_more_than_the_limit(self) -> None:
        course = Course(wants=(Want(NOW - 10, 9),), count=9)
        limited = replace(self.CALM, limits=replace(self.CALM.limits, max_tasks=4))
        assert steered(2, seeing(9), course, limited).action == SetDesired(4, before=9)

    def test_an_old_want_never_adds(self) -> None:
        course = Course(wants=(Want(NOW - 10, 9),), count=4)
        assert steered(2, seeing(4), course, self.CALM).action == Nothing()

    @pytest.mark.parametrize(("in_flight", "left"), [(0, 0), (2, 2), (3, 3), (40, None)])
    def test_no_fewer_are_left_than_are_at_work(self, in_flight: int, left: int | None) -> None:
        heading = steered(0, seeing(4, in_flight=in_flight))
        assert heading.action == (Nothing() if left is None else SetDesired(left, before=4))
        assert (Cause.BUSY in causes(heading)) == (in_flight > 0)

    def test_none_is_taken_away_while_nobody_knows_what_is_in_flight(self) -> None:
        heading = steered(0, seeing(4, in_flight=None))
        assert heading.action == Nothing()
        assert causes(heading) == [Cause.BUSY]

    def test_tasks_that_protect_themselves_need_no_such_care(self) -> None:
        protected = how(ServiceRules(ScaleIn(0.0, 0.0, protected=True)))
        assert steered(0, seeing(4, in_flight=3), rules=protected).action == SetDesired(0, before=4)


class TestCoolDowns:
    def test_the_next_scale_in_waits(self) -> None:
        slow = how(ServiceRules(ScaleIn(0.0, cooldown=120.0)))
        course = Course(count=4, shrunk_at=NOW - 119)
        heading = steered(1, seeing(4), course, slow)
        assert heading.action == Nothing()
        assert causes(heading) == [Cause.COOLDOWN]
        due = Course(count=4, shrunk_at=NOW - 120)
        assert steered(1, seeing(4), due, slow).action == SetDesired(1, before=4)

    def test_the_next_scale_out_waits(self) -> None:
        slow = how(ServiceRules(ScaleIn(0.0, 0.0), ScaleOut(cooldown=60.0)))
        course = Course(count=1, grown_at=NOW - 59)
        heading = steered(4, seeing(1), course, slow)
        assert heading.action == Nothing()
        assert causes(heading) == [Cause.COOLDOWN]
        due = Course(count=1, grown_at=NOW - 60)
        assert steered(4, seeing(1), due, slow).action == SetDesired(4, before=1)


class TestOthers:
    @pytest.mark.parametrize("target", [0, 9])
    @pytest.mark.parametrize(
        ("look", "cause", "word"),
        [
            ({"status": "DRAINING"}, Cause.NOT_ACTIVE, "DRAINING"),
            ({"scaled_by": "Application Auto Scaling"}, Cause.SCALED_BY_OTHERS, "Application"),
            ({"deployment": "job:7", "deploying_since": NOW}, Cause.DEPLOYMENT, "job:7"),
            ({"deployment": "job:7"}, Cause.DEPLOYMENT, "job:7"),
        ],
    )
    def test_a_service_in_other_hands_is_left_alone_and_they_are_named(
        self, target: int, look: dict[str, Any], cause: Cause, word: str
    ) -> None:
        heading = steered(target, seeing(4, **look))
        assert heading.action == Nothing()
        assert causes(heading)[-1] is cause
        assert word in heading.reasons[-1].text

    def test_nothing_is_said_of_them_where_nothing_is_to_change(self) -> None:
        assert steered(4, seeing(4, status="DRAINING")).reasons == ()

    def test_a_deployment_that_lasts_does_not_keep_messages_waiting(self) -> None:
        long_ago = NOW - DEPLOYING_ALONE
        assert steered(
            9, seeing(4, deployment="job:7", deploying_since=long_ago)
        ).action == SetDesired(9, before=4)
        shrinking = steered(0, seeing(4, deployment="job:7", deploying_since=long_ago))
        assert shrinking.action == Nothing()

    def test_a_count_that_somebody_else_has_set_stands_for_a_while(self) -> None:
        first = steered(1, seeing(6), Course(count=2))
        assert first.action == Nothing()
        assert first.course.changed == Change(NOW, ours=2, theirs=6)
        assert "from 2 to 6" in first.reasons[-1].text
        assert "10 min" in first.reasons[-1].text
        later = steered(1, seeing(6, at=NOW + LEFT_ALONE - 1), first.course)
        assert causes(later) == [Cause.CHANGED_BY_OTHERS]
        over = steered(1, seeing(6, at=NOW + LEFT_ALONE), later.course)
        assert over.action == SetDesired(1, before=6)
        assert over.course.changed is None

    def test_each_change_of_theirs_counts_anew(self) -> None:
        first = steered(1, seeing(6), Course(count=2))
        again = steered(1, seeing(7, at=NOW + 500), first.course)
        assert again.course.changed == Change(NOW + 500, ours=6, theirs=7)

    def test_what_they_set_is_taken_over_where_it_is_what_is_wanted(self) -> None:
        heading = steered(6, seeing(6), Course(count=2))
        assert heading.course.changed is None
        assert heading.course.count == 6

    def test_a_count_that_ecs_has_not_shown_yet_is_nobody_elses(self) -> None:
        course = Course(count=5, before=2, set_at=NOW)
        late = steered(5, seeing(2, at=NOW + SHOWS_WITHIN - 1), course)
        assert late.action == Nothing()
        assert late.course.changed is None
        then = steered(5, seeing(2, at=NOW + SHOWS_WITHIN), course)
        assert then.course.changed == Change(NOW + SHOWS_WITHIN, ours=5, theirs=2)


class TestWhatBecameOfIt:
    UP = Setting(int(NOW), SetDesired(5, before=2), NOW)
    DOWN = Setting(int(NOW), SetDesired(1, before=2), NOW)

    def test_a_setting_is_remembered_before_it_is_tried(self) -> None:
        course = saving(Course(), self.UP.action, int(NOW), NOW)
        assert course.setting == course.saved == self.UP
        assert saving(Course(), Nothing(), int(NOW), NOW) == Course()

    def test_an_accepted_one_is_ours_from_then_on(self) -> None:
        up = answered(Course(setting=self.UP, count=2), self.UP, Outcome())
        assert up == Course(count=5, before=2, set_at=NOW, grown_at=NOW)
        down = answered(Course(setting=self.DOWN, count=2), self.DOWN, Outcome())
        assert down == Course(count=1, before=2, set_at=NOW, shrunk_at=NOW)

    def test_a_refused_one_never_was(self) -> None:
        refused = Outcome(failures=(Failure("AccessDenied"),))
        before = Course(setting=self.UP, count=2)
        assert answered(before, self.UP, refused) == Course(count=2)

    @pytest.mark.parametrize(
        ("setting", "answer"),
        [(None, None), (UP, None), (UP, Outcome(unsure="no answer")), (DOWN, Outcome())],
    )
    def test_one_in_doubt_stays(self, setting: Setting | None, answer: Outcome | None) -> None:
        course = Course(setting=self.UP, count=2)
        assert answered(course, setting, answer) is course

    def test_one_in_doubt_that_shows_was_carried_out(self) -> None:
        course = Course(setting=self.UP, count=2)
        heading = steered(5, seeing(5, at=NOW + 120), course)
        assert heading.action == Nothing()
        assert heading.course.changed is None
        assert heading.course.grown_at == NOW

    def test_one_in_doubt_that_does_not_show_is_decided_afresh(self) -> None:
        course = Course(setting=self.UP, count=2)
        heading = steered(4, seeing(2, at=NOW + 120), course)
        assert heading.action == SetDesired(4, before=2)
        assert heading.course.setting is None

    def test_one_in_doubt_may_show_late_and_is_nobody_elses(self) -> None:
        course = Course(setting=self.UP, count=2)
        early = steered(2, seeing(2, at=NOW + 5), course).course
        assert early.setting == self.UP
        shown = steered(2, seeing(5, at=NOW + 60), early)
        assert shown.course.changed is None
        assert shown.action == SetDesired(2, before=5)
