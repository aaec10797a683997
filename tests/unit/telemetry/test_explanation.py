"""One view of a tick, whatever it came to."""

from __future__ import annotations

import json

import pytest
from support import values
from support.records import record

from autoscaler.core.actions import SetDesired, Setting
from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.decide import decide
from autoscaler.core.model import Advice, Minute, Observation
from autoscaler.core.record import End, Record, from_json
from autoscaler.core.record import to_json as recorded
from autoscaler.core.rules import FleetRules
from autoscaler.core.service import Service
from autoscaler.core.tasks import Provider
from autoscaler.core.upkeep import Upkeep
from autoscaler.telemetry.explanation import Explanation, explain, to_json

RULES = values.rules(
    values.queue(values.saying(want=12, why="Deep."), values.saying(at_most=4), values.Says(3)),
    values.queue(values.NeedsCounts(Advice(want=1)), name="r"),
    max_tasks=3,
)
MINUTE = Minute(values.NOW, sent=3.0, deleted=4.0, oldest_age=190.0)
SEEN = values.observation(
    values.reading(25, 3, minutes=(MINUTE,)), values.blind("r"), tasks=values.fleet(1, unseen=1)
)


def told(seen: Observation = SEEN, rules: FleetRules = RULES, **changed: object) -> Explanation:
    return explain(record(observation=seen, decision=decide(seen, rules, {}), **changed))


def test_each_queue_shows_what_was_read_of_it() -> None:
    first, second = told().queues

    assert (first.visible, first.in_flight, first.delayed) == (25, 3, 0)
    assert (first.oldest_age, first.sent, first.deleted) == (190.0, 3.0, 4.0)
    assert (second.visible, second.oldest_age, second.sent) == (None, None, None)
    assert second.trouble == "r could not be read"


def test_each_policy_shows_its_advice_and_why() -> None:
    first, second = told().queues

    assert [one.answer for one in first.policies] == ["advice", "advice", "failed"]
    assert [one.answer for one in second.policies] == ["abstained"]
    assert (first.policies[0].want, first.policies[0].why) == (12, "Deep.")
    assert (first.policies[1].want, first.policies[1].at_most) == (None, 4)


def test_a_pause_a_bound_on_new_tasks_and_signals_are_told() -> None:
    rules = values.rules(
        values.queue(values.saying(pause=True, new_tasks=2), values.saying(want=1))
    )

    fleet = told(values.observation(signals={"cpu": 40.0, "jobs": None}), rules)

    first, second = fleet.queues[0].policies
    assert (first.pause, first.new_tasks, second.pause, second.new_tasks) == (True, 2, False, None)
    assert fleet.signals == {"cpu": 40.0, "jobs": None}


def test_steps_stand_where_they_were_taken_and_no_advice_is_told_twice() -> None:
    fleet = told()

    assert "Cut from 12 to 4 by p2." in fleet.queues[0].steps
    assert "What queue r wants is unknown." in fleet.queues[1].steps
    assert fleet.steps == ("Cut from 4 to 3 by max_tasks.", "3 wanted, 2 live: 1 missing.")
    assert "Deep." not in (*fleet.steps, *fleet.queues[0].steps)


def test_the_fleet_shows_its_tasks_and_what_follows() -> None:
    intents = (
        values.intent("a", 2, provider=Provider.FARGATE_SPOT),
        values.intent("b", 1),
        values.intent("c", 1),
        values.intent("old", 5, tick=60),
    )

    fleet = told(intents=intents, tick=int(values.NOW))

    assert (fleet.live, fleet.starting, fleet.running, fleet.target) == (2, 1, 1, 3)
    assert fleet.launches == {"FARGATE_SPOT": 2, "FARGATE": 2}
    assert (fleet.launched, fleet.refusals) == (1, ("Capacity is unavailable",))


def test_the_cost_is_of_live_and_new_tasks_and_errs_high() -> None:
    tariff = Tariff(TaskSize(1, 2), {"FARGATE": 0.01, "FARGATE_SPOT": 0.004}, ("FARGATE_SPOT",))
    seen = values.observation(
        values.reading(25, dead_letters=0), tasks=values.fleet(1, unseen=1), signals={"cpu": 1.0}
    )
    decision = decide(seen, values.rules(values.queue(values.saying(want=4))), {})
    spot = values.intent(provider=Provider.FARGATE_SPOT, count=2)
    one = record(observation=seen, decision=decision, intents=(spot,), tick=int(values.NOW))

    cost = explain(one, tariff).cost

    assert cost is not None
    assert cost.launches_an_hour == pytest.approx(3600 * 2 * 0.004)
    assert cost.fleet_an_hour == pytest.approx(3600 * (2 * 0.01 + 2 * 0.004))
    assert cost.estimates == ("FARGATE_SPOT",)
    looks = Upkeep(values.PERIOD, 1, dead_letter_queues=1, signals=1)
    assert cost.upkeep_a_month == round(looks.dollars, 2)
    assert explain(one).cost is None


@pytest.mark.parametrize(
    ("becomes", "fleet", "new"), [(5, 5, 3), (1, 1, 0), (0, 0, 0), (None, 2, 0)]
)
def test_of_a_service_it_is_of_all_that_it_is_to_keep(
    becomes: int | None, fleet: int, new: int
) -> None:
    tariff = Tariff(TaskSize(1, 2), {"FARGATE_SPOT": 0.01}, ("FARGATE_SPOT",))
    service = Service("svc", 2)
    seen = values.observation(values.reading(25), tasks=values.fleet(1, unseen=1), service=service)
    setting = None if becomes is None else Setting(1, SetDesired(becomes, 2), values.NOW)

    cost = explain(record(observation=seen, setting=setting), tariff).cost

    assert cost is not None
    assert cost.fleet_an_hour == pytest.approx(36 * fleet)
    assert cost.launches_an_hour == pytest.approx(36 * new)
    assert cost.estimates == (("FARGATE_SPOT",) if new else ())


def test_what_wakes_a_service_costs_from_nothing() -> None:
    tariff = Tariff(TaskSize(1, 2), {"FARGATE": 0.01})
    seen = values.observation(values.reading(25), service=Service("svc", 0))
    setting = Setting(1, SetDesired(3, 0), values.NOW)

    cost = explain(record(observation=seen, setting=setting), tariff).cost

    assert cost is not None
    assert cost.fleet_an_hour == cost.launches_an_hour == pytest.approx(108)


def test_a_tick_that_saw_nothing_is_told_all_the_same() -> None:
    fleet = explain(Record("house", "f", 1, 1.0, End.HELD, troubles=("No memory.",)))

    assert (fleet.end, fleet.live, fleet.target, fleet.queues) == ("held", None, None, ())
    assert fleet.troubles == ("No memory.",)


def test_a_record_that_was_written_and_read_is_told_the_same() -> None:
    one = record(observation=SEEN, decision=decide(SEEN, RULES, {}))

    assert explain(from_json(json.loads(json.dumps(recorded(one))))) == explain(one)


def test_every_key_is_in_the_json_whether_known_or_not() -> None:
    blank = explain(Record("house", "f", 1, 1.0, End.HELD))

    (full,), (empty,) = to_json([told()])["fleets"], to_json([blank])["fleets"]

    assert to_json([])["version"] == 1
    assert full.keys() == empty.keys()
    assert json.dumps(full, allow_nan=False)
