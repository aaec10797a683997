"""What a shadow's records come to: sums of what ran and of what we would have run, and waits."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from support.values import NOW, PERIOD, blind, fleet, observation, queue, reading, rules, saying

from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.model import Decision, Minute, Observation
from autoscaler.core.record import End, Record, to_json
from autoscaler.core.rules import Rulebook, Spot
from autoscaler.core.tasks import Fleet, Provider
from autoscaler.operations.shadow.report import Report
from autoscaler.operations.shadow.watch import Watch
from policies.deadline import Deadline

TARIFF = Tariff(TaskSize(1, 2), {"FARGATE": 0.01, "FARGATE_SPOT": 0.003})


def look(number: float, ran: int | Fleet, target: int | None, waiting: int = 0) -> Record:
    """The look of this number, so many periods after the first."""
    return told(number, target, reading(waiting), ran=ran)


def told(number: float, target: int | None, *readings: object, ran: int | Fleet = 0) -> Record:
    at = NOW + number * PERIOD
    seen = observation(*readings, tasks=ran if isinstance(ran, Fleet) else fleet(ran), now=at)  # type: ignore[arg-type]
    return record(seen, Decision(target, seen.live, ()))


def record(seen: Observation, decision: Decision) -> Record:
    return Record("house", "f", seen.tick, seen.now, End.DECIDED, seen, decision)


def watched(*records: Record, **given: object) -> Watch:
    watch = Watch(**given)  # type: ignore[arg-type]
    for one in records:
        watch.take(one)
    return watch


def test_what_ran_and_what_was_wanted_hold_from_look_to_look() -> None:
    watch = watched(look(0, 3, 1), look(1, 3, 2), look(2, 1, 0), look(3, 1, 0))

    assert watch.seconds == 3 * PERIOD
    assert watch.ran.seconds == (3 + 3 + 1) * PERIOD
    assert watch.low.seconds == (1 + 2 + 0) * PERIOD
    assert (watch.ran.most, watch.low.most) == (3, 2)


def test_at_most_a_fleet_that_drains_stays_while_a_message_is_there() -> None:
    watch = watched(
        look(0, 0, 5, waiting=50), look(1, 0, 1, waiting=9), look(2, 0, 1), look(3, 0, 0)
    )

    assert watch.low.seconds == (5 + 1 + 1) * PERIOD
    assert watch.high.seconds == (5 + 5 + 1) * PERIOD


def test_a_gap_is_in_no_sum() -> None:
    watch = watched(look(0, 2, 2), look(10, 2, 2))

    assert (watch.seconds, watch.gaps) == (2 * PERIOD, 8 * PERIOD)
    assert watch.ran.seconds == 2 * 2 * PERIOD


def test_a_look_that_could_not_tell_what_ran_is_in_no_sum() -> None:
    seen = observation(now=NOW + PERIOD)
    unknown = Observation(**{**vars(seen), "fleet": None})
    watch = watched(look(0, 1, 1), record(unknown, Decision(None, None, ())), look(2, 1, 1))

    assert (watch.looks, watch.unknown, watch.seconds, watch.gaps) == (3, 1, PERIOD, PERIOD)


def test_a_decision_that_holds_leaves_our_fleet_as_it_was() -> None:
    watch = watched(look(0, 0, 2), look(1, 0, None), look(2, 0, 0))
    assert watch.low.seconds == 4 * PERIOD


def test_what_does_not_come_later_is_left_out() -> None:
    twice = look(1, 1, 1)
    watch = watched(look(0, 1, 1), twice, twice, look(0.5, 9, 9))
    assert (watch.looks, watch.ran.seconds) == (2, PERIOD)


def test_tasks_that_come_are_counted_as_started_and_rises_of_the_target_as_wanted() -> None:
    watch = watched(look(0, 2, 1), look(1, 4, 3), look(2, 3, 2), look(3, 4, 5))
    assert (watch.started, watch.wanted) == (2 + 0 + 1, 1 + 2 + 3)


def test_dollars_go_by_the_provider_that_ran_and_by_the_split_that_is_configured() -> None:
    on_spot = fleet(2, provider=Provider.FARGATE_SPOT)
    watch = watched(
        look(0, on_spot, 5), look(1, on_spot, 5), spot=Spot(share=0.5, on_demand_base=1)
    )

    assert watch.ran.dollars(TARIFF) == pytest.approx(2 * 0.003 * PERIOD)
    assert watch.low.dollars(TARIFF) == pytest.approx((3 * 0.01 + 2 * 0.003) * PERIOD)
    assert watch.low.dollars(None) is None


def old(age: float | None, visible: int = 5) -> object:
    return reading(visible, minutes=(Minute(NOW, oldest_age=age),))


def test_waits_longer_than_the_promise_are_set_against_what_we_wanted() -> None:
    watch = watched(
        told(0, 3, old(301.0), ran=1),
        told(1, 1, old(400.0), ran=2),
        told(2, 2, old(300.0), ran=2),
        told(3, 0, old(None), ran=1),
        told(4, 0, old(900.0, visible=0), ran=1),
        promises={"q": 300.0},
    )

    waits = watch.queues["q"]
    assert (waits.looks, waits.waiting, waits.late, waits.oldest) == (5, 4, 2, 400.0)
    assert (waits.late_more, waits.late_fewer) == (1, 1)
    assert (waits.waiting_fewer, waits.waiting_none, waits.age_unknown) == (2, 1, 1)


def test_a_queue_that_could_not_be_read_waits_for_nothing() -> None:
    waits = watched(told(0, 1, blind())).queues["q"]
    assert (waits.looks, waits.waiting, waits.oldest) == (1, 0, None)


def lines(*records: Record) -> Iterable[str]:
    return [json.dumps(to_json(one)) for one in records]


def test_a_promise_is_the_policies_own_or_the_one_that_is_given() -> None:
    own = Rulebook("house", PERIOD, (rules(queue(Deadline(max_age=120.0))),))
    none = Rulebook("house", PERIOD, (rules(queue(saying(want=0))),))

    found = []
    for book in (own, none):
        told = Report(book, promise=60.0)
        told.take([*lines(look(0, 1, 1)), "no record", ""])
        found.append((told.fleets["f"].queues["q"].promise, told.left_out))

    assert found == [(120.0, 1), (60.0, 1)]


def test_a_fleet_that_is_not_configured_is_summed_up_all_the_same() -> None:
    told = Report(Rulebook("house", PERIOD, ()))
    told.take(lines(look(0, 1, 2), look(1, 1, 2)))
    form = told.form({})["fleets"]["f"]
    assert form["ran"]["task_seconds"] == PERIOD
    assert form["ran"]["dollars"] is None
