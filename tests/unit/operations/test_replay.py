"""Recorded ticks decided once more: which notes their policies get, and how much is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

from support.fakeworld import FakeWorld
from support.values import PERIOD, Counts, queue, rules, saying

from autoscaler.controller import tick
from autoscaler.core.model import Advice
from autoscaler.core.record import Record, to_json
from autoscaler.core.rules import FleetRules, Rulebook
from autoscaler.operations.replay.replay import Replay


def book(fleet: FleetRules) -> Rulebook:
    return Rulebook("house", PERIOD, (fleet,))


ASKED = book(rules(queue(saying(want=0), Counts())))
NOT_ASKED = book(rules(queue(saying(want=0))))


def lived(chosen: Rulebook, ticks: int) -> list[Record]:
    fake = FakeWorld(visible={"q": 0})
    for _ in range(ticks):
        tick(fake.world(), chosen, int(fake.time))
        fake.time += PERIOD
    return fake.records


def replayed(chosen: Rulebook, records: list[Record], shown: int = 99) -> Replay:
    done = Replay(chosen, shown)
    done.take(json.dumps(to_json(one)) for one in records)
    return done


def test_a_policy_that_was_not_asked_then_keeps_its_own_notes_from_tick_to_tick() -> None:
    done = replayed(ASKED, lived(NOT_ASKED, 3))

    told = [[text for text in one.new if "Asked" in text] for one in done.differences]
    assert told == [["Asked 1 times."], ["Asked 2 times."], ["Asked 3 times."]]


def test_a_policy_that_was_asked_then_gets_what_the_record_says_even_where_records_are_lost() -> (
    None
):
    records = lived(ASKED, 4)

    done = replayed(ASKED, [records[0], records[3]])

    assert (done.ticks, done.different, done.clean) == (2, 0, True)


def test_what_differs_in_no_reason_is_told_by_its_part() -> None:
    same = {"want": 0, "why": "As ever."}
    once, otherwise = (
        book(rules(queue(saying(**same, **more)))) for more in ({}, {"spot_share": 0.5})
    )

    (one,) = replayed(otherwise, lived(once, 1)).differences

    assert (one.lost, one.new, one.parts) == ([], [], ["heard", "spot_share"])
    assert one.again.now.heard[0].advice == Advice(**same, spot_share=0.5)


def test_what_is_kept_does_not_grow_with_the_records() -> None:
    line = json.dumps(to_json(lived(NOT_ASKED, 1)[0]))
    done = Replay(ASKED, shown=3)

    def lines() -> Iterator[str]:
        for _ in range(500):
            yield from (line, "no record")
            assert len(done.resized) + len(done.reworded) + len(done.notes) <= 9

    done.take(lines())

    assert (done.different, done.left_out, len(done.differences), len(done.notes)) == (
        500,
        500,
        3,
        3,
    )
