"""warm: tasks are ready when a window opens, stay until it closes, and around predicted peaks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from support.configurations import VALID, load_text, told
from support.values import NOW, observation, queue, reading, rules, saying, task

from autoscaler.core import needs
from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.decide import decide
from autoscaler.core.floors import AFTER_LOOK, SHIFT
from autoscaler.core.spending import Money
from autoscaler.core.tasks import Fleet
from autoscaler.core.windows import Season
from policies.warm import Peaks, Warm

LONDON = ZoneInfo("Europe/London")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).timestamp()


OPENS, CLOSES = at("2026-11-20 08:00"), at("2026-11-20 20:00")
EARLY = at("2026-11-20 16:00")
PRICE = Money(Tariff(TaskSize(0.25, 0.5), {"FARGATE": 0.00001}), 0.0)


def office(tasks=2, **options):
    return Warm(
        tasks, "mon-fri", "08:00", "20:00", "Europe/London", **{"start_up": 40.0, **options}
    )


NOBODY = Fleet()


def advice(policy, now=EARLY, tasks=NOBODY, **rest):
    return policy.advise(observation(reading(0), now=now, tasks=tasks, **rest))


def staying(*until):
    return Fleet(
        tuple(
            task(f"t{n}", token="launch", created_at=NOW, stay_until=one)
            for n, one in enumerate(until)
        )
    )


class TestWindow:
    def test_while_it_is_open_tasks_stay_until_it_closes_and_the_price_is_told(self):
        found = advice(office(), money=PRICE)
        assert (found.want, found.at_least, found.stay_until) == (None, 2, CLOSES)
        assert found.why == (
            "2 tasks are kept ready until Fri 2026-11-20 20:00 Europe/London, "
            "$0.0720 an hour on demand."
        )
        assert found.notes is None

    def test_without_a_price_nothing_is_said_of_it(self):
        assert advice(office(1)).why == (
            "1 task is kept ready until Fri 2026-11-20 20:00 Europe/London."
        )

    @pytest.mark.parametrize(("before", "ready"), [(165, True), (166, False)])
    def test_they_are_launched_at_the_last_tick_that_has_them_ready_when_it_opens(
        self, before, ready
    ):
        """The next tick is in 120 s, and a start-up takes 40 s and a launch 5 s more."""
        assert AFTER_LOOK == 5.0
        found = advice(office(), now=OPENS - before)
        assert (found.at_least, found.stay_until) == (
            (2, OPENS - before + SHIFT) if ready else (None, None)
        )

    def test_while_it_is_closed_it_says_when_it_opens(self):
        found = advice(office(), now=CLOSES)
        assert (found.at_least, found.stay_until, found.abstained) == (None, None, False)
        assert found.why == "The window is closed until Mon 2026-11-23 08:00 Europe/London."

    def test_one_that_never_opens_again_says_so(self):
        past = Warm(1, season=Season("2020-01-01", "2020-12-31"))
        assert advice(past).why == "The window is closed for good."

    def test_one_that_never_closes_relieves_its_tasks_every_six_hours(self):
        found = advice(Warm(1))
        assert (found.at_least, found.stay_until) == (1, EARLY + SHIFT)
        assert found.why == "1 task is kept ready for good."

    def test_who_leaves_before_the_next_tasks_are_ready_is_replaced_now(self):
        assert advice(Warm(2, start_up=40.0), tasks=staying(EARLY + 164, EARLY + 165)).at_least == 3
        assert advice(Warm(2, start_up=40.0), tasks=staying(EARLY + 165, EARLY + 165)).at_least == 2

    def test_tasks_that_would_leave_an_empty_queue_are_no_floor(self):
        busy = Fleet(tuple(task(f"t{n}", token="launch", created_at=NOW) for n in range(3)))
        found = decide(
            observation(reading(9), now=EARLY, tasks=busy),
            rules(queue(saying(want=3), office()), max_tasks=10),
            {},
        )
        assert (found.target, found.stays, found.stay_until) == (5, 2, CLOSES)


def test_the_price_is_asked_for_and_a_history_is_kept_for_peaks_alone():
    assert office().needs == (needs.price_if_known,)
    assert office(peaks=Peaks(10.0)).needs == (needs.price_if_known, needs.sent)


NINE = datetime(2026, 11, 20, 9, tzinfo=LONDON).timestamp()


def busy(*names, level=30, weeks=3, **more):
    """Notes in which these hours of the week had so many messages a minute."""
    row = " ".join([f"10/{level}"] * weeks)
    quiet = {f"fri {n:02}": "0/0 0/0 0/0" for n in range(24)}
    return {"through": NINE, "hour": 0, "minutes": "", **quiet, **dict.fromkeys(names, row), **more}


class TestPeaks:
    def peaky(self, **options):
        return office(peaks=Peaks(**{"above": 20.0, **options}))

    def test_tasks_are_ready_for_a_busy_hour_and_stay_to_its_end(self):
        found = advice(self.peaky(), now=NINE - 165, notes=busy("fri 09"))
        assert (found.at_least, found.stay_until) == (2, NINE + 3600)
        assert found.why == (
            "Fri 08:00 had up to 0 messages a minute in 3 weeks: 2 tasks are kept ready until "
            "Fri 2026-11-20 10:00 Europe/London."
        )
        assert advice(self.peaky(), now=NINE - 166, notes=busy("fri 09")).at_least is None

    def test_busy_hours_in_a_row_are_one_peak(self):
        found = advice(self.peaky(), now=NINE, notes=busy("fri 09", "fri 10"))
        assert found.stay_until == NINE + 7200

    def test_a_peak_without_end_ends_with_what_was_looked_at(self):
        always = Warm(1, timezone="Europe/London", peaks=Peaks(20.0))
        every = busy(*(f"{day} {n:02}" for day in ("fri", "sat") for n in range(24)))
        assert advice(always, now=NINE, notes=every).stay_until == NINE + SHIFT

    def test_an_hour_that_is_not_above_is_no_peak(self):
        found = advice(self.peaky(), now=NINE, notes=busy("fri 09", level=20))
        assert found.at_least is None
        assert found.why == (
            "Fri 09:00 had up to 20 messages a minute in 3 weeks: no task is kept ready."
        )

    def test_below_its_weeks_it_says_nothing_of_an_hour(self):
        found = advice(self.peaky(), now=NINE, notes=busy("fri 09", weeks=2))
        assert found.at_least is None
        assert found.why == (
            "Fri 09:00 is known of 2 weeks, and 3 are needed: no task is kept ready."
        )
        sure = self.peaky(weeks=2)
        assert advice(sure, now=NINE, notes=busy("fri 09", weeks=2)).at_least == 2

    def test_around_it_tasks_are_ready_too(self):
        wide = self.peaky(around=600.0)
        for moment in (NINE - 600 - 165, NINE + 3600 + 599):
            found = advice(wide, now=moment, notes=busy("fri 09"))
            assert (found.at_least, found.stay_until) == (2, NINE + 3600 + 600)
        assert advice(wide, now=NINE + 3600 + 600, notes=busy("fri 09")).at_least is None
        assert advice(wide, now=NINE - 600 - 166, notes=busy("fri 09")).at_least is None

    def test_the_window_ends_a_peak_and_keeps_out_those_before_it(self):
        evening = busy("fri 06", "fri 19", "fri 20")
        found = advice(self.peaky(), now=at("2026-11-20 19:30"), notes=evening)
        assert found.stay_until == CLOSES
        assert advice(self.peaky(), now=at("2026-11-20 06:30"), notes=evening).at_least is None

    def test_the_history_goes_on_while_the_window_is_closed(self):
        found = advice(self.peaky(), now=CLOSES, notes=busy("fri 09"))
        assert found.at_least is None
        assert found.notes["fri 09"] == "10/30 10/30 10/30"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ("", "tasks"),
        (", tasks: 0", "tasks"),
        (', tasks: 1, from: "08:00", to: "08:00"', "from and to are both 08:00"),
        (", tasks: 1, peaks: {above: 5, weeks: 9}", "weeks"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path, options, line):
    text = VALID.replace(
        "- type: depth\n        messages_per_task: 10", f"- {{type: warm{options}}}"
    )
    (found,) = told(tmp_path, text)
    assert line in found


def test_as_it_is_written(tmp_path):
    written = "{type: warm, tasks: 2, days: fri, peaks: {above: 5, around: 10m}}"
    text = VALID.replace("- type: depth\n        messages_per_task: 10", f"- {written}")
    (policy,) = load_text(tmp_path, text).queues["thumbnails"].policies.values()
    assert policy == Warm(2, "fri", peaks=Peaks(5.0, 600.0))
