"""forecast: as many tasks ready as this hour of the week has needed, or silence."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from support.configurations import VALID, load_text, told
from support.values import NOW, observation, queue, reading, rules, saying, task

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.decide import decide
from autoscaler.core.learned import Learned, Mean, QueueLearned
from autoscaler.core.model import Minute
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet
from policies.forecast import AHEAD, UNFORESEEN, Forecast

NINE = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("UTC")).timestamp()
HOUR = 3600.0
PRICE = Money(Tariff(TaskSize(0.25, 0.5), {"FARGATE": 0.00001}), 0.0)
LEAD = 165
"""Seconds: a tick of 120, a start-up of 40, a launch of 5."""


def forecast(**options):
    return Forecast(**{"work": 6.0, "start_up": 40.0, "max_age": 0.0, **options})


def week(weeks=3, **levels):
    """Notes of Fridays with so many messages a minute at these hours, named ``at_09``."""
    hours = {f"fri {name[-2:]}": f"{level}/{level}" for name, level in levels.items()}
    kept = {name: " ".join([level] * weeks) for name, level in hours.items()}
    return {"through": NINE - 600, "hour": 0, "minutes": "", **kept}


NOBODY = Fleet()


def advice(policy, notes, now=NINE, tasks=NOBODY, sent=(), **rest):
    minutes = tuple(Minute(now - 60.0 * n, float(one)) for n, one in enumerate(sent, 1))
    shown = reading(0, minutes=minutes[::-1])
    return policy.advise(observation(shown, now=now, tasks=tasks, notes=notes, **rest))


def staying(*until):
    return Fleet(
        tuple(
            task(f"t{n}", token="launch", created_at=NOW, stay_until=one)
            for n, one in enumerate(until)
        )
    )


class TestWhatItWants:
    def test_as_many_tasks_as_the_hour_kept_busy_and_the_price_is_told(self):
        found = advice(forecast(), week(at_09=41, at_10=0), money=PRICE)
        assert (found.want, found.at_least, found.stay_until) == (None, 5, NINE + HOUR)
        assert found.why == (
            "Fri 09:00 had up to 41 messages a minute in 3 weeks, 6 s each: 5 ready, "
            "$0.1800 an hour on demand."
        )

    def test_what_may_wait_takes_fewer_down_to_what_keeps_up_with_the_average(self):
        notes = week(at_09=41) | {"fri 09": "10/60 10/60 10/60"}
        assert advice(forecast(max_age=0.0), notes).at_least == 6
        assert advice(forecast(max_age=30.0), notes).at_least == 4
        assert advice(forecast(max_age=3600.0), notes).at_least == 2

    def test_slots_share_it(self):
        assert advice(forecast(slots=4), week(at_09=41)).at_least == 2

    @pytest.mark.parametrize(("before", "tasks"), [(LEAD, 5), (LEAD + 1, 1)])
    def test_the_next_hours_tasks_are_launched_so_that_they_work_when_it_begins(
        self, before, tasks
    ):
        found = advice(forecast(), week(at_08=5, at_09=41, at_10=0), now=NINE - before)
        assert found.at_least == tasks

    def test_tasks_stay_through_the_hours_that_need_as_many(self):
        assert advice(forecast(), week(at_09=20, at_10=30, at_11=10)).stay_until == NINE + 2 * HOUR
        flat = {f"at_{n:02}": 20 for n in range(24)}
        assert advice(forecast(), week(**flat)).stay_until == NINE + AHEAD * HOUR

    def test_who_leaves_when_the_hour_ends_is_replaced_before_as_far_as_the_next_needs(self):
        near, ends = NINE + HOUR - 100, NINE + HOUR
        found = advice(
            forecast(), week(at_09=41, at_10=20, at_11=0), now=near, tasks=staying(*[ends] * 5)
        )
        assert (found.at_least, found.stay_until) == (8, ends + HOUR)

    def test_an_hour_without_messages_needs_none(self):
        found = advice(forecast(), week(at_09=0))
        assert (found.at_least, found.stay_until) == (None, None)
        assert found.why == (
            "Fri 09:00 had up to 0 messages a minute in 3 weeks, 6 s each: no task is kept ready."
        )


class TestWhatArrivesNow:
    def test_more_than_was_foreseen_takes_its_place_for_a_while(self):
        found = advice(forecast(), week(at_09=41), sent=[90, 60, 10])
        assert (found.at_least, found.stay_until) == (9, NINE + UNFORESEEN)
        assert found.why.endswith("6 s each: 9 ready, for what arrives now is more.")

    def test_less_changes_nothing(self):
        found = advice(forecast(), week(at_09=41, at_10=0), sent=[10, 20])
        assert (found.at_least, found.stay_until) == (5, NINE + HOUR)

    def test_alone_it_is_no_forecast(self):
        assert advice(forecast(), week(weeks=2, at_09=41), sent=[90]).at_least is None


class TestSilence:
    def test_below_its_weeks_it_says_how_many_are_known(self):
        found = advice(forecast(), week(weeks=2, at_09=41))
        assert (found.at_least, found.abstained) == (None, False)
        assert found.why == (
            "Fri 09:00 is known of 2 weeks, and 3 are needed, 6 s each: no task is kept ready."
        )
        assert advice(forecast(weeks=2), week(weeks=2, at_09=41)).at_least == 5

    def test_an_hour_that_is_not_known_does_not_silence_the_next(self):
        assert advice(forecast(), week(at_09=41), now=NINE - LEAD).at_least == 5

    def test_without_knowing_the_work_it_only_keeps_its_history(self):
        found = advice(Forecast(), week(at_09=41), sent=[7])
        assert found.at_least is None
        assert found.why == "What a message takes is not known yet; give it as work: 2s."
        assert found.notes["through"] == NINE - 60

    def test_work_is_learned(self):
        taught = Learned(queues={"q": QueueLearned(work=Mean(6000.0, 1000.0))})
        assert advice(Forecast(), week(at_09=41), learned=taught).at_least == 5

    def test_from_nothing_it_speaks_after_three_weeks(self):
        policy, notes, spoke = forecast(), None, []
        for hour in range(4 * 168):
            minutes = tuple(Minute(NINE + HOUR * hour + 60.0 * n, 10.0) for n in range(1, 61))
            now = minutes[-1].ends_at
            shown = reading(0, minutes=minutes)
            found = policy.advise(observation(shown, now=now, notes=notes))
            spoke.append(found.at_least)
            notes = found.notes
        first = next(n for n, one in enumerate(spoke) if one is not None)
        assert first == 3 * 168 - 1  # the end of the hour before its fourth week
        assert set(spoke[first:]) == {2}


def test_beside_a_policy_that_wants_more_it_bounds_nothing():
    seen = observation(reading(50), now=NINE)
    both = rules(queue(saying(want=8), forecast()), max_tasks=20)
    found = decide(seen, both, {"q/p2": week(at_09=41)})
    assert (found.target, found.stays) == (8, 5)


def test_a_mistake_is_told_in_one_line(tmp_path):
    text = VALID.replace(
        "- type: depth\n        messages_per_task: 10", "- {type: forecast, work: 0}"
    )
    (found,) = told(tmp_path, text)
    assert "work is 0; write the seconds that one message takes, such as 2s" in found


def test_as_it_is_written(tmp_path):
    written = "- {type: forecast, weeks: 2, work: 2s, timezone: Europe/Berlin}"
    text = VALID.replace("- type: depth\n        messages_per_task: 10", written)
    (policy,) = load_text(tmp_path, text).queues["thumbnails"].policies.values()
    assert policy == Forecast(work=2.0, weeks=2, timezone="Europe/Berlin")
