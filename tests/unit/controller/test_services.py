"""Ticks of a service: one number, saved before it is set, and never set on a guess."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from support.fakeservice import FakeService
from support.fakeworld import FakeWorld
from support.replay import text_replays
from support.values import NOW, PERIOD, queue, rules, saying

from autoscaler.absent import NoServices
from autoscaler.controller import tick
from autoscaler.core.actions import Failure, Outcome, SetDesired
from autoscaler.core.memory import Memory
from autoscaler.core.model import Cause
from autoscaler.core.record import End, Record
from autoscaler.core.rules import Rulebook
from autoscaler.core.service import ScaleIn, Service, ServiceRules
from autoscaler.core.suspension import WHOLE, Suspension, WhenScaled
from autoscaler.look import World

QUICK = ServiceRules(ScaleIn(stabilization=0.0, cooldown=0.0))


def book(want: int, when: WhenScaled = WhenScaled.HOLD, **limits: int) -> Rulebook:
    how = replace(QUICK, when_scaled_by_others=when)
    fleet = replace(rules(queue(saying(want=want)), **limits), service=how)
    return Rulebook("inst", PERIOD, (fleet,))


def world(fake: FakeWorld, service: FakeService) -> World:
    return replace(fake.world(), services=service)


def ticked(fake: FakeWorld, service: FakeService, want: int, deadline: float = math.inf) -> Record:
    (record,) = tick(world(fake, service), book(want), int(fake.time), deadline)
    return record


def test_a_service_grows_and_shrinks_by_its_desired_count_alone() -> None:
    fake, service = FakeWorld(), FakeService(0)
    up = ticked(fake, service, want=3)
    fake.time += PERIOD
    down = ticked(fake, service, want=1)
    assert service.sets == [3, 1]
    assert fake.called("launch") == 0
    assert up.setting
    assert up.setting.action == SetDesired(3, before=0)
    assert down.setting
    assert down.setting.action == SetDesired(1, before=3)
    assert up.answer == Outcome()


def test_it_is_saved_before_it_is_set() -> None:
    fake, service = FakeWorld(), FakeService(0)
    seen: list[Memory] = []
    plain = service.set_desired

    def spying(fleet: str, count: int) -> Outcome:
        seen.append(fake.memory())
        return plain(fleet, count)

    service.set_desired = spying  # type: ignore[method-assign]
    ticked(fake, service, want=3)
    assert [one.course.setting.action.count for one in seen if one.course.setting] == [3]
    assert fake.memory().course.setting is None
    assert fake.memory().course.count == 3


def test_a_replica_at_the_same_tick_finishes_what_was_saved_and_decides_nothing() -> None:
    fake, service = FakeWorld(), FakeService(0, answers=[ConnectionError("gone")], lost=True)
    first = ticked(fake, service, want=3)
    assert first.answer
    assert first.answer.unsure
    service.lost = False
    second = ticked(fake, service, want=9)
    assert second.end is End.DONE_BEFORE
    assert service.sets == [3, 3]
    assert fake.memory().course.setting is None


def test_a_service_that_cannot_be_seen_is_left_alone() -> None:
    fake, service = FakeWorld(), FakeService(2, unknown=True)
    record = ticked(fake, service, want=0)
    assert record.end is End.HELD
    assert record.troubles == ("DescribeServices did not answer",)
    assert service.sets == []


@pytest.mark.parametrize("raises", [True, False])
def test_a_world_that_does_not_tell_of_it_holds(raises: bool) -> None:
    fake = FakeWorld()

    class Silent(NoServices):
        def seen(self, fleets: object) -> dict[str, object]:  # type: ignore[override]
            if raises:
                raise RuntimeError("broken")
            return {}

    fleet_world = replace(fake.world(), services=Silent())  # type: ignore[arg-type]
    (record,) = tick(fleet_world, book(1), int(NOW))
    assert record.end is End.HELD


def test_a_world_without_services_holds_and_refuses() -> None:
    (record,) = tick(FakeWorld().world(), book(1), int(NOW))
    assert record.end is End.HELD
    assert record.troubles == ("this world has no services",)
    assert NoServices().set_desired("f", 1).failures
    assert NoServices().suspend("f", WHOLE).failures


def test_a_refusal_is_recorded_and_the_next_tick_asks_again() -> None:
    refused = Outcome(failures=(Failure("AccessDeniedException"),))
    fake, service = FakeWorld(), FakeService(0, answers=[refused], lost=True)
    assert ticked(fake, service, want=2).answer == refused
    service.lost = False
    fake.time += PERIOD
    assert ticked(fake, service, want=2).answer == Outcome()
    assert service.desired == 2


def test_after_the_deadline_nothing_is_set() -> None:
    fake, service = FakeWorld(), FakeService(0)
    record = ticked(fake, service, want=2, deadline=NOW)
    assert service.sets == []
    assert record.answer
    assert record.answer.turned_away


def test_what_others_set_meanwhile_is_left_alone() -> None:
    fake, service = FakeWorld(), FakeService(0)
    ticked(fake, service, want=2)
    service.desired = 7
    fake.time += PERIOD
    record = ticked(fake, service, want=2)
    assert service.desired == 7
    assert Cause.CHANGED_BY_OTHERS in {one.cause for one in record.reasons}


def test_a_save_that_others_forestalled_keeps_what_was_set() -> None:
    """Somebody pauses the queue while the count is set: both are in the memory afterwards."""
    fake, service = FakeWorld(), FakeService(0)
    plain = service.set_desired

    def pausing(fleet: str, count: int) -> Outcome:
        fake.put("f", replace(fake.memory(), paused={"q": None}))
        return plain(fleet, count)

    service.set_desired = pausing  # type: ignore[method-assign]
    ticked(fake, service, want=2)
    memory = fake.memory()
    assert memory.paused == {"q": None}
    assert (memory.course.setting, memory.course.count) == (None, 2)


class TestAnotherScaler:
    """Application Auto Scaling that has the service in hand."""

    def service(self) -> FakeService:
        seen = Service("svc", 0, scaled_by="the other scaler", suspension=Suspension())
        return FakeService(0, looks=seen)

    def tick(self, fake: FakeWorld, service: FakeService, when: WhenScaled) -> Record:
        (record,) = tick(world(fake, service), book(3, when), int(fake.time))
        fake.time += PERIOD
        return record

    def test_it_is_suspended_then_the_service_is_scaled_then_it_is_given_back(self) -> None:
        fake, service = FakeWorld(), self.service()
        first = self.tick(fake, service, WhenScaled.SUSPEND)
        assert first.suspending
        assert first.answer == Outcome()
        assert (service.suspends, service.sets) == ([WHOLE], [])
        second = self.tick(fake, service, WhenScaled.SUSPEND)
        assert (service.sets, second.suspending) == ([3], None)
        for _ in range(2):
            self.tick(fake, service, WhenScaled.RESUME)
        assert service.suspends == [WHOLE, Suspension()]
        assert fake.memory().course.suspended_from is None
        assert text_replays(first, book(3, WhenScaled.SUSPEND).fleets[0])

    def test_whoever_dies_before_the_answer_has_remembered_how_it_was(self) -> None:
        fake, service = FakeWorld(), self.service()
        service.answers = [ConnectionError("gone")]
        self.tick(fake, service, WhenScaled.SUSPEND)
        assert fake.memory().course.suspended_from == Suspension()
        self.tick(fake, service, WhenScaled.RESUME)
        assert service.suspends == [WHOLE, Suspension()]

    def test_a_replica_at_the_same_tick_finishes_it(self) -> None:
        fake, service = FakeWorld(), self.service()
        service.lost, service.answers = True, [ConnectionError("gone")]
        for _ in range(2):
            (record,) = tick(world(fake, service), book(3, WhenScaled.SUSPEND), int(fake.time))
            service.lost = False
        assert record.end is End.DONE_BEFORE
        assert service.suspends == [WHOLE, WHOLE]
        assert fake.memory().course.suspending is None

    def test_where_it_may_not_be_suspended_the_service_stays_and_it_is_asked_again(self) -> None:
        fake, service = FakeWorld(), self.service()
        refused = Outcome(failures=(Failure("AccessDeniedException"),))
        service.lost, service.answers = True, [refused, refused]
        assert self.tick(fake, service, WhenScaled.SUSPEND).answer == refused
        self.tick(fake, service, WhenScaled.SUSPEND)
        assert (service.suspends, service.sets) == ([WHOLE, WHOLE], [])
        assert fake.memory().course.suspended_from is None


def test_a_record_of_it_replays_from_its_text() -> None:
    fake, service = FakeWorld(), FakeService(1)
    record = ticked(fake, service, want=3)
    assert text_replays(record, book(3).fleets[0])
