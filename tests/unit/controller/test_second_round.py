"""What is refused may go elsewhere, or be asked again, in the same tick: saved before it is."""

from __future__ import annotations

import pytest
from support.fakeworld import FakeWorld
from support.faults import Faults, Launching
from support.values import NOW, PERIOD, queue, rules

from autoscaler.controller import tick
from autoscaler.core.model import Cause
from autoscaler.core.pacing import Bucket
from autoscaler.core.record import End
from autoscaler.core.rules import Rulebook, Spot
from autoscaler.core.tasks import Provider
from policies.depth import Depth

DUE = int(NOW)


def book(**spot):
    return Rulebook("house", PERIOD, (rules(queue(Depth()), spot=Spot(**spot)),))


SPOT = book(share=1.0)


def waiting(**faults):
    return FakeWorld(visible={"q": 25}, faults=Faults(**faults))


def run(fake, chosen=SPOT):
    (record,) = tick(fake.world(), chosen, int(fake.time))
    return record


def providers(fake):
    return [one.provider for one in fake.living()]


class TestSpotShort:
    """Fargate never replaces Spot with on-demand by itself (T13)."""

    @pytest.mark.trap("T13")
    def test_its_tasks_go_on_demand_in_the_same_tick_and_the_record_says_why(self):
        fake = waiting(spot_short=True)
        record = run(fake)
        assert providers(fake) == [Provider.FARGATE] * 3
        assert Cause.SECOND_ROUND in {reason.cause for reason in record.reasons}
        assert [intent.n for intent in record.intents] == [0, 1]

    def test_only_what_is_missing_goes_elsewhere(self):
        fake = waiting(accepts=2)
        run(fake)
        assert sorted(providers(fake)) == [Provider.FARGATE] + [Provider.FARGATE_SPOT] * 2

    def test_it_is_left_alone_for_a_while_and_then_asked_again(self):
        fake = waiting(spot_short=True)
        run(fake)
        fake.stop(*fake.real)
        fake.time += 60
        record = run(fake)
        assert [reason.cause for reason in record.reasons] == [Cause.SPOT_AVOIDED]
        assert [intent.launch.provider for intent in record.intents] == [Provider.FARGATE]
        fake.stop(*(one.id for one in fake.living()))
        fake.faults = Faults()
        fake.time += PERIOD
        run(fake)
        assert providers(fake) == [Provider.FARGATE_SPOT] * 3
        assert fake.memory().spot.shortages == 0

    def test_with_patience_they_wait_for_spot_first(self):
        fake = waiting(spot_short=True)
        patient = book(share=1.0, patience=200.0)
        counts = []
        for _ in range(3):
            run(fake, patient)
            counts.append(len(fake.living()))
            fake.time += PERIOD
        assert counts == [0, 0, 3]

    def test_interruptions_send_part_of_the_next_tasks_on_demand(self):
        fake = waiting()
        run(fake)
        for one in fake.living():
            one.interrupt(fake.time)
        fake.visible["q"] = 80
        fake.time += PERIOD
        record = run(fake)
        assert providers(fake).count(Provider.FARGATE) == 7
        assert [reason.cause for reason in record.reasons] == [Cause.SPOT_AVOIDED]


class TestThrottled:
    """It is refused before ECS looks at the token, and asked again as a new launch (T12)."""

    @pytest.mark.trap("T12")
    def test_it_is_asked_once_more_under_a_new_number(self):
        fake = waiting(throttled_calls=1)
        record = run(fake)
        assert (record.launched, [intent.n for intent in record.intents]) == (3, [0, 1])

    def test_not_a_third_time_in_the_tick(self):
        fake = waiting(launching=Launching.THROTTLED)
        run(fake)
        assert fake.called("launch") == 2
        assert fake.memory().intents == ()

    @pytest.mark.parametrize("kind", [Launching.QUOTA, Launching.DENIED])
    @pytest.mark.trap("T14")
    def test_other_refusals_are_not_asked_again_in_the_tick(self, kind):
        fake = waiting(launching=kind)
        run(fake)
        assert fake.called("launch") == 1


class TestSavedFirst:
    """A second round is a launch like any other: saved, then carried out."""

    SECOND_SAVE = ["before save", "after save"] * 2

    def test_it_is_saved_before_it_is_carried_out(self):
        fake = waiting(spot_short=True)
        run(fake)
        steps = [one for one in fake.steps if one.split()[1] in ("save", "launch")]
        assert steps[:8] == ["before save", "after save", "before launch", "after launch"] * 2

    @pytest.mark.parametrize("fault", ["save_fails", "save_lost"])
    def test_what_could_not_be_saved_is_not_launched(self, fault):
        fake = waiting(spot_short=True)
        fake.meanwhile[9] = lambda: setattr(fake.faults, fault, True)  # after the first launch
        record = run(fake)
        assert (fake.called("launch"), fake.living()) == (1, [])
        assert record.troubles

    def test_a_repeated_tick_that_cannot_list_the_fleet_decides_on_no_second_round(self):
        fake = waiting(spot_short=True, launching=Launching.RAISES_BEFORE)
        run(fake)
        fake.faults = Faults(spot_short=True, list_unknown=True)
        record = run(fake)
        assert (record.end, [intent.n for intent in record.intents]) == (End.DONE_BEFORE, [0])
        assert fake.living() == []

    def test_what_somebody_else_forestalled_is_not_launched(self):
        fake = waiting(spot_short=True)
        fake.meanwhile[9] = lambda: fake.put("f", fake.memory())
        assert run(fake).launched == 0
        assert fake.called("launch") == 1


class TestPaced:
    def paced(self, fake, burst):
        class Pace:
            bucket = Bucket(0.1, burst, burst, fake.time)

            def take(self, fleet, provider, count, now):
                granted, self.bucket = self.bucket.take(count, now)
                return granted

        fake.pace = Pace()
        return fake

    def test_what_does_not_fit_the_launch_rate_is_dropped_and_decided_afresh(self):
        fake = self.paced(waiting(), burst=2)
        record = run(fake)
        assert record.launched == 2
        assert [reason.cause for reason in record.reasons] == [Cause.PACED]
        fake.visible["q"] = 5
        fake.time += PERIOD
        assert run(fake).launched == 0

    def test_a_second_round_is_paced_too(self):
        assert run(self.paced(waiting(spot_short=True), burst=4)).launched == 1
