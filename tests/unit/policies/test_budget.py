"""budget: new tasks of a fleet are bounded by the money that is left."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.configurations import VALID, load_text, told
from support.values import observation, queue, reading, rules, saying, task

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.decide import decide
from autoscaler.core.model import Cause
from autoscaler.core.spending import Money, Spending
from autoscaler.core.tasks import Fleet, Provider, TaskState
from policies.budget import MOST, Budget

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
NOON, NEXT = MIDNIGHT + 43_200, MIDNIGHT + 86_400
CENT = Tariff(TaskSize(1, 2), {"FARGATE": 0.01, "FARGATE_SPOT": 0.004})
"""A cent a second on demand, to reckon by hand."""


def live(*seconds: float, provider=Provider.FARGATE, now=NOON) -> Fleet:
    """Tasks that have been billed for so many seconds each."""
    return Fleet(
        tuple(
            task(f"t{n}", provider=provider, pull_started_at=now - one, seen_at=now)
            for n, one in enumerate(seconds)
        )
    )


def seen(spent=0.0, life=600.0, fleet=None, now=NOON, tariff=CENT, began=0.0):
    """What a tick sees at noon, of a day at whose beginning ``began`` dollars had been spent."""
    money = Money(tariff, began + spent, life)
    notes = {"start": MIDNIGHT, "spent": began}
    return observation(reading(9), tasks=fleet or Fleet(), now=now, money=money, notes=notes)


def advised(budget=100.0, per="day", slow_from=1.0, **sight):
    return Budget(budget, per, slow_from=slow_from).advise(seen(**sight))


class TestHowManyMoreCanBePaid:
    @pytest.mark.parametrize(
        ("spent", "new"),
        [(0, 16), (4, 16), (4.01, 15), (94, 1), (94.01, 0), (100, 0), (180, 0)],
    )
    def test_what_is_left_over_what_a_task_costs(self, spent, new):
        """Six dollars a task: 600 seconds at a cent."""
        assert advised(spent=spent).new_tasks == new

    def test_a_task_costs_a_minute_at_least(self):
        assert advised(life=None).new_tasks == 166
        assert advised(life=10.0).new_tasks == 166

    def test_on_the_dearest_provider_as_spot_may_be_short(self):
        spot_only = Tariff(TaskSize(1, 2), {"FARGATE_SPOT": 0.004})
        assert advised(budget=6).new_tasks == 1
        assert advised(budget=6, tariff=spot_only).new_tasks == 2

    def test_what_a_task_costs_after_the_period_is_another_periods(self):
        """100 seconds before midnight a task of 600 seconds costs this day a dollar."""
        late = NEXT - 100
        assert advised(budget=10, now=late).new_tasks == 10
        assert advised(budget=0.6, now=NEXT - 5).new_tasks == 1

    def test_tasks_under_way_count_up_to_their_expected_end(self):
        """500, 400 and, of one that outlived its time, the 120 seconds to the next tick."""
        under_way = live(100, 200, 900)
        left = 100 - 5.0 - 4.0 - 1.2
        assert advised(fleet=under_way).new_tasks == int(left / 6)
        assert advised(budget=10.2, fleet=under_way).new_tasks == 0
        assert advised(budget=16.2, fleet=under_way).new_tasks == 1

    def test_a_task_that_has_not_begun_has_all_of_it_before_it(self):
        starting = Fleet((task("t1", TaskState.STARTING),), unseen=1)
        assert advised(budget=18, fleet=starting).new_tasks == 1
        assert advised(budget=17.99, fleet=starting).new_tasks == 0

    def test_it_owes_its_minute_even_where_the_period_ends_before(self):
        starting = Fleet((task("t1", TaskState.STARTING),))
        assert advised(budget=1.2, fleet=starting, now=NEXT - 5).new_tasks == 1
        assert advised(budget=1.19, fleet=starting, now=NEXT - 5).new_tasks == 0

    def test_free_tasks_are_not_bounded(self):
        free = Tariff(TaskSize(1, 2), {"FARGATE": 0.0})
        found = advised(tariff=free)
        assert found.new_tasks == MOST
        assert found.why.endswith("new tasks are not bounded.")


class TestSlowingDown:
    def test_from_its_share_on_the_fleet_is_held_to_what_lasts(self):
        """19.44 dollars for the 12 hours left are 0.00045 a second."""
        slow = Tariff(TaskSize(1, 2), {"FARGATE": 0.0001})
        sight = {"budget": 97.2, "slow_from": 0.8, "tariff": slow}
        assert advised(spent=77.7, **sight).new_tasks == 325
        assert advised(spent=77.76, **sight).new_tasks == 4
        assert advised(spent=77.76, fleet=live(600, 600, 600), **sight).new_tasks == 1
        assert advised(spent=77.76, fleet=live(*[600] * 9), **sight).new_tasks == 0

    def test_spot_tasks_last_longer_for_the_same_money(self):
        slow = Tariff(TaskSize(1, 2), {"FARGATE": 0.0001, "FARGATE_SPOT": 0.00005})
        on_spot = live(600, 600, 600, provider=Provider.FARGATE_SPOT)
        sight = {"budget": 97.2, "slow_from": 0.8, "tariff": slow, "spent": 77.76}
        assert advised(fleet=on_spot, **sight).new_tasks == 6
        assert advised(fleet=live(600, 600, 600), **sight).new_tasks == 1

    def test_one_task_goes_on_as_long_as_it_can_be_paid(self):
        assert advised(slow_from=0.8, spent=90).new_tasks == 1
        assert advised(slow_from=0.8, spent=90, fleet=live(600)).new_tasks == 0
        assert advised(slow_from=0.8, spent=94.1).new_tasks == 0

    def test_a_share_of_one_never_slows_down(self):
        assert advised(slow_from=1.0, spent=88).new_tasks == 2


class TestPeriods:
    def test_what_was_spent_before_the_period_is_not_counted(self):
        assert advised(began=1000.0, spent=94).new_tasks == 1

    def test_a_new_period_begins_with_all_its_money(self):
        old = seen(spent=180.0, now=NEXT + 30)
        found = Budget(100.0, slow_from=1.0).advise(old)
        assert found.new_tasks == 16
        assert found.notes == {"start": NEXT, "spent": 180.0}

    def test_within_one_its_notes_stay_as_they_are(self):
        notes = seen(began=5.0, spent=1.0).notes
        assert advised(began=5.0, spent=1.0).notes == notes

    @pytest.mark.parametrize(
        "notes",
        [
            None,
            {},
            {"start": MIDNIGHT},
            {"start": MIDNIGHT, "spent": "all"},
            {"start": MIDNIGHT, "spent": True},
            {"start": MIDNIGHT, "spent": -1.0},
            {"start": MIDNIGHT, "spent": 9.5},
        ],
    )
    def test_without_notes_of_use_it_counts_from_here_on(self, notes):
        money = Money(CENT, 9.0, 600.0)
        sight = observation(reading(9), now=NOON, money=money, notes=notes)
        found = Budget(100.0, slow_from=1.0).advise(sight)
        assert found.new_tasks == 16
        assert found.notes == {"start": MIDNIGHT, "spent": 9.0}

    def test_its_day_is_that_of_its_time_zone(self):
        found = Budget(100.0, timezone="Asia/Tokyo").advise(seen())
        assert found.notes == {"start": MIDNIGHT - 9 * 3600, "spent": 0.0}


class TestTheFleet:
    def test_it_wants_nothing_and_bounds_what_others_want(self):
        found = decide(seen(spent=94), rules(queue(saying(want=9), Budget(100.0, slow_from=1))), {})
        assert found.target == 9  # the notes of this decision are another's: nothing is spent yet
        bounded = {"q/p2": {"start": MIDNIGHT, "spent": 0.0}}
        chosen = rules(queue(saying(want=9), Budget(100.0, slow_from=1)), min_tasks=3)
        assert decide(seen(spent=94), chosen, bounded).target == 1

    def test_used_up_it_lets_no_task_start_stops_none_and_says_until_when(self):
        chosen = rules(queue(saying(want=9), Budget(100.0)), min_tasks=3)
        notes = {"q/p2": {"start": MIDNIGHT, "spent": 0.0}}
        held = decide(seen(spent=101), chosen, notes)
        assert (held.target, held.look_again_at) == (0, NEXT)
        (waits,) = [one for one in held.reasons if one.cause is Cause.WAITS]
        assert f"waits until second {NEXT:.0f}" in waits.text
        assert decide(seen(spent=101, fleet=live(60, 60)), chosen, notes).target == 2

    def test_without_a_price_it_abstains(self):
        sight = observation(reading(9), now=NOON)
        assert Budget(1.0).advise(sight).abstained
        found = decide(sight, rules(queue(saying(want=2), Budget(1.0))), {})
        assert found.target == 2
        assert "p2 abstains: the price of a task unknown." in [one.text for one in found.reasons]


class TestReasons:
    def test_it_says_how_much_is_left_and_when_that_is_used_up(self):
        found = advised(spent=40, fleet=live(100, 200))
        assert found.why == (
            "$40.00 of $100.00 a day are spent and $9.00 more are under way: 8 new tasks can be "
            "paid. At the present $72.00 an hour it is used up on Fri 2026-11-20 12:50 UTC."
        )

    def test_or_that_it_lasts(self):
        slow = Tariff(TaskSize(1, 2), {"FARGATE": 1e-6}, estimates=("FARGATE_SPOT",))
        found = advised(budget=1, tariff=slow, fleet=live(600), per="hour")
        assert found.why == (
            "$0.0000 of $1.00 an hour are spent and $0.0001 more are under way: 1666 new tasks can "
            "be paid. At the present $0.0036 an hour it lasts. The price of FARGATE_SPOT is an "
            "estimate."
        )

    def test_or_that_it_is_slowed_down(self):
        assert advised(slow_from=0.5, spent=60).why.endswith(
            ": slowed down to 1 in all until Sat 2026-11-21 00:00 UTC, 1 more."
        )

    def test_or_that_it_is_used_up(self):
        assert advised(spent=99).why.endswith(": no new task before Sat 2026-11-21 00:00 UTC.")


@pytest.mark.parametrize("slow_from", [0.5, 0.8, 1.0])
def test_a_greedy_queue_spends_its_budget_and_no_more(slow_from):
    """A day of ticks every two minutes; tasks live ten minutes, and as many start as may."""
    tariff = Tariff(TaskSize(1, 2), {"FARGATE": 0.0001})
    budget, spending = Budget(20.0, slow_from=slow_from), Spending(tariff=tariff)
    notes, running = None, []
    for tick in range(720):
        now = MIDNIGHT + tick * 120.0
        ended = [one for one in running if now - one.pull_started_at >= 600]
        running = [one for one in running if now - one.pull_started_at < 600]
        spending = spending.after(
            task(one.id, pull_started_at=one.pull_started_at, stopped_at=one.pull_started_at + 600)
            for one in ended
        )
        running = [
            task(one.id, pull_started_at=one.pull_started_at, seen_at=now) for one in running
        ]
        money = spending.money(running)
        sight = observation(tasks=Fleet(tuple(running)), now=now, money=money, notes=notes)
        found = budget.advise(sight)
        notes = found.notes
        launched = min(found.new_tasks, 40 - len(running))
        running += [task(f"{tick}-{n}", pull_started_at=now) for n in range(launched)]
    assert 0.95 * 20.0 <= spending.money(running).spent <= 20.0


def with_budget(options: str) -> str:
    return f"{VALID}      - {{type: budget, {options}}}\n"


def test_it_is_configured_as_people_write_it(tmp_path: Path) -> None:
    text = with_budget("dollars: 5, per: month, timezone: Europe/London, slow_from: 0.9")
    (chosen,) = load_text(tmp_path, text).queues.values()
    assert chosen.policies["budget"] == Budget(5.0, "month", "Europe/London", 0.9)


PLACE = "one.yaml:17: queues.thumbnails.policies[1]"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("per: day", ".dollars: this key is required, and missing"),
        ("dollars: 0", ".dollars: 0 is too small; it must be at least 0.01"),
        ("dollars: 5, per: week", '.per: "week" is not allowed; it must be hour, day or month'),
        (
            "dollars: 5, timezone: London",
            '.timezone: there is no time zone "London"; did you mean Europe/London?',
        ),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, options: str, sentence: str) -> None:
    assert told(tmp_path, with_budget(options)) == [PLACE + sentence]
