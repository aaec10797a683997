"""Application Auto Scaling is suspended where that is asked for, and given back as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.values import NOW, observation, queue, reading, rules, saying

from autoscaler.core.actions import Failure, Nothing, Outcome, SetDesired, Setting
from autoscaler.core.changes import answered, saving
from autoscaler.core.model import Cause, Decision, Observation
from autoscaler.core.service import Change, Course, ScaleIn, Service, ServiceRules
from autoscaler.core.services import Heading, steer
from autoscaler.core.suspension import WHOLE, SetSuspension, Suspending, Suspension, WhenScaled

OTHER = "Application Auto Scaling (1 to 9 tasks)"
ACTIVE = Suspension()
PARTLY = Suspension(scheduled=True)
TAKE, BACK = SetSuspension(WHOLE, PARTLY), SetSuspension(PARTLY, WHOLE)
TAKING, GIVING = Suspending(int(NOW), TAKE, NOW), Suspending(int(NOW), BACK, NOW)
REFUSED = Outcome(failures=(Failure("AccessDeniedException"),))


def seeing(suspension: Suspension | None, desired: int = 2, status: str = "ACTIVE") -> Observation:
    other = None if suspension is None or suspension.whole else OTHER
    service = Service("svc", desired, status=status, scaled_by=other, suspension=suspension)
    return observation(reading(in_flight=0), service=service)


def steered(
    when: WhenScaled,
    suspension: Suspension | None,
    course: Course = Course(),  # noqa: B008 - frozen
    target: int | None = 5,
    status: str = "ACTIVE",
) -> Heading:
    how = ServiceRules(ScaleIn(stabilization=0.0, cooldown=0.0), when_scaled_by_others=when)
    fleet = replace(rules(queue(saying(want=1))), service=how)
    decision = Decision(target=target, live=0, reasons=())
    return steer(decision, seeing(suspension, status=status), course, fleet)


class TestTaking:
    def test_it_is_suspended_whole_before_anything_is_set_and_said_so(self) -> None:
        heading = steered(WhenScaled.SUSPEND, PARTLY)
        assert heading.action == TAKE
        assert [one.cause for one in heading.reasons] == [Cause.HANDOVER]
        assert heading.reasons[0].text == (
            f"{OTHER} is suspended for svc; from the next tick on its desired count is set here."
        )

    def test_once_it_is_suspended_the_count_is_set(self) -> None:
        heading = steered(WhenScaled.SUSPEND, WHOLE, Course(suspended_from=ACTIVE))
        assert heading.action == SetDesired(5, before=2)
        assert heading.course.suspended_from == ACTIVE

    def test_one_that_somebody_resumes_is_suspended_again_from_what_they_left(self) -> None:
        heading = steered(WhenScaled.SUSPEND, PARTLY, Course(suspended_from=ACTIVE))
        assert heading.action == TAKE

    @pytest.mark.parametrize("when", [WhenScaled.HOLD, WhenScaled.RESUME])
    def test_where_it_is_not_asked_for_the_service_stays_as_it_is(self, when: WhenScaled) -> None:
        heading = steered(when, ACTIVE)
        assert heading.action == Nothing()
        assert heading.reasons[-1].cause is Cause.SCALED_BY_OTHERS

    def test_a_service_it_does_not_know_is_ours(self) -> None:
        assert steered(WhenScaled.SUSPEND, None).action == SetDesired(5, before=2)

    def test_of_a_service_that_goes_away_nothing_is_suspended(self) -> None:
        assert steered(WhenScaled.SUSPEND, ACTIVE, status="DRAINING").action == Nothing()

    def test_a_held_decision_suspends_nothing(self) -> None:
        assert steered(WhenScaled.SUSPEND, ACTIVE, target=None).action == Nothing()


class TestGivingBack:
    def test_it_is_resumed_as_it_was(self) -> None:
        heading = steered(WhenScaled.RESUME, WHOLE, Course(suspended_from=PARTLY))
        assert heading.action == BACK
        assert heading.reasons[0].text == (
            "Application Auto Scaling of svc is resumed as it was before."
        )

    def test_what_others_suspended_is_theirs_to_resume(self) -> None:
        assert steered(WhenScaled.RESUME, WHOLE).action == SetDesired(5, before=2)

    @pytest.mark.parametrize("now", [ACTIVE, None])
    def test_what_others_have_resumed_or_removed_is_not_ours_any_more(
        self, now: Suspension | None
    ) -> None:
        heading = steered(WhenScaled.HOLD, now, Course(suspended_from=PARTLY))
        assert heading.course.suspended_from is None

    def test_hold_keeps_in_mind_what_is_suspended(self) -> None:
        heading = steered(WhenScaled.HOLD, WHOLE, Course(suspended_from=PARTLY))
        assert heading.action == SetDesired(5, before=2)
        assert heading.course.suspended_from == PARTLY


class TestWhatBecameOfIt:
    OLD = Setting(1, SetDesired(5, before=2), NOW - 9)
    BEFORE = Course(count=4, before=3, changed=Change(NOW, 4, 7), setting=OLD)

    def test_it_is_remembered_before_it_is_tried_and_any_count_is_nobodys(self) -> None:
        """AWS moves the count within the target's bounds, and that is no change of others'."""
        course = saving(self.BEFORE, TAKE, int(NOW), NOW)
        assert course == Course(suspending=TAKING, suspended_from=PARTLY)
        assert course.saved == TAKING
        later = steered(WhenScaled.SUSPEND, WHOLE, course)
        assert later.action == SetDesired(5, before=2)
        assert later.course.suspending is None

    def test_giving_back_forgets_only_when_it_is_done(self) -> None:
        course = saving(Course(suspended_from=PARTLY), BACK, int(NOW), NOW)
        assert course.suspended_from == PARTLY
        assert answered(course, GIVING, Outcome()) == Course()
        assert answered(course, GIVING, REFUSED) == Course(suspended_from=PARTLY)

    def test_taking_is_ours_only_when_it_is_done(self) -> None:
        course = saving(Course(), TAKE, int(NOW), NOW)
        assert answered(course, TAKING, Outcome()) == Course(suspended_from=PARTLY)
        assert answered(course, TAKING, REFUSED) == Course()

    def test_one_in_doubt_is_told_by_the_next_look(self) -> None:
        course = saving(Course(), TAKE, int(NOW), NOW)
        doubtful = answered(course, TAKING, Outcome(unsure="no answer"))
        assert doubtful is course
        assert steered(WhenScaled.HOLD, WHOLE, doubtful).course.suspended_from == PARTLY
        assert steered(WhenScaled.HOLD, PARTLY, doubtful).course.suspended_from is None
