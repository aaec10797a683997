"""Everybody is told once that something goes wrong, and once that it is over."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest
from support.values import NOW, observation

from autoscaler.core.errors import MemoryConflictError, StoreUnreachableError
from autoscaler.core.memory import Memory
from autoscaler.core.model import Cause, Decision, Reason, Restraint
from autoscaler.core.ports import Stored
from autoscaler.core.record import End, Record
from autoscaler.runtime.notices.ledger import CLAIM_SECONDS, GIVEN_UP_AFTER
from autoscaler.runtime.notices.notifier import KEPT_UNDER, Notifier
from autoscaler.runtime.notices.sending import Notice, NotToldError
from autoscaler.runtime.stores import InProcessStore


@dataclass
class Phone:
    """A place that notes what it is told, and fails while it is out of order."""

    heard: list[str] = field(default_factory=list)
    broken: bool = False

    def send(self, notice: Notice) -> None:
        if self.broken:
            raise NotToldError("nobody answers")
        self.heard.append(f"{notice.event} {notice.entry.kind} {notice.entry.fleet}")


class Town:
    """Two replicas on one store, and a clock that is put forward."""

    def __init__(self, **places: Phone) -> None:
        self.time = NOW
        self.store = InProcessStore()
        self.places = places or {"ops": Phone()}
        self.outcomes: list[tuple[str, str]] = []
        self.one, self.other = self.replica(), self.replica()

    def replica(self, store: object = None, within: float = 10.0) -> Notifier:
        return Notifier(
            "house", store or self.store, self.places, {"q": 60.0}, 600.0, self._heard,  # type: ignore[arg-type]
            now=lambda: self.time, within=within,
        )  # fmt: skip

    def _heard(self, place: str, outcome: str, why: str = "") -> None:
        self.outcomes.append((place, outcome))

    @property
    def heard(self) -> list[str]:
        return self.places["ops"].heard


def sick(fleet: str = "f") -> Record:
    seen = observation(restraints=(Restraint(Cause.BREAKER, "3 tasks died."),))
    return Record("house", fleet, 1, NOW, End.DECIDED, seen, Decision(0, 0, ()))


def well(fleet: str = "f") -> Record:
    return Record("house", fleet, 1, NOW, End.DECIDED, observation(), Decision(0, 0, ()))


def held() -> Record:
    decision = Decision(None, None, (Reason(Cause.FLEET_UNKNOWN, "Unknown."),))
    return Record("house", "f", 1, NOW, End.HELD, observation(), decision)


PROBLEM, RESOLVED = "problem breaker_open f", "resolved breaker_open f"


def test_a_problem_is_told_once_by_however_many_replicas_and_so_is_its_end() -> None:
    town = Town()
    for replica in (town.one, town.other, town.one):
        replica.take([sick()])
    assert town.heard == [PROBLEM]

    for replica in (town.other, town.one):
        replica.take([well()])
    assert town.heard == [PROBLEM, RESOLVED]
    assert town.store.load(KEPT_UNDER).memory.notes == {}


def test_it_is_told_again_when_it_comes_again() -> None:
    town = Town()
    for record in (sick(), well(), sick()):
        town.one.take([record])
    assert town.heard == [PROBLEM, RESOLVED, PROBLEM]


def test_each_fleet_is_told_of_for_itself() -> None:
    town = Town()
    town.one.take([sick("f"), sick("g"), well("h")])
    assert sorted(town.heard) == [PROBLEM, "problem breaker_open g"]


def test_whoever_could_not_be_told_is_told_at_the_next_tick_and_nobody_else() -> None:
    town = Town(ops=Phone(), chat=Phone(broken=True))
    town.one.take([sick()])
    town.places["chat"].broken = False
    town.other.take([sick()])

    assert [phone.heard for phone in town.places.values()] == [[PROBLEM], [PROBLEM]]
    assert sorted(town.outcomes) == [("chat", "failed"), ("chat", "sent"), ("ops", "sent")]


def test_nobody_is_told_the_end_of_what_they_never_heard_of() -> None:
    town = Town(ops=Phone(broken=True))
    town.one.take([sick()])
    town.places["ops"].broken = False
    town.one.take([well()])
    assert town.heard == []


def test_an_end_that_cannot_be_told_is_given_up_in_the_end() -> None:
    town = Town()
    town.one.take([sick()])
    town.places["ops"].broken = True
    town.one.take([well()])
    town.time += GIVEN_UP_AFTER + 1
    town.one.take([well()])
    assert town.store.load(KEPT_UNDER).memory.notes == {}


def test_a_problem_that_comes_back_before_its_end_was_told_goes_on() -> None:
    town = Town(ops=Phone(), chat=Phone())
    town.one.take([sick()])
    town.places["chat"].broken = True
    town.one.take([well()])
    town.places["chat"].broken = False
    town.one.take([sick()])
    assert town.places["ops"].heard == [PROBLEM, RESOLVED, PROBLEM]
    assert town.places["chat"].heard == [PROBLEM]


def test_a_hold_is_told_once_it_lasts_too_long() -> None:
    town = Town()
    for _ in range(3):
        town.one.take([held()])
        town.time += 299.0
    assert town.heard == []
    town.time += 4.0
    town.one.take([held()])
    assert town.heard == ["problem held_too_long f"]


def test_what_is_unknown_ends_nothing() -> None:
    town = Town()
    town.one.take([sick()])
    town.one.take([replace(held(), observation=None)])
    assert town.heard == [PROBLEM]


def test_what_a_replica_claimed_before_it_died_is_told_by_another_after_a_minute() -> None:
    class Mute(InProcessStore):
        """Saves the claim, and nothing after it: as if the replica had died in between."""

        def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
            if expected is not None:
                raise StoreUnreachableError("dead")
            return super().save(fleet, memory, expected)

    town = Town()
    mute = Mute()
    dying = replace(town.replica(mute), senders={"ops": Phone(broken=True)})
    dying.take([sick()])
    other = town.replica(mute)
    other.take([sick()])
    assert town.heard == []

    town.time += CLAIM_SECONDS + 1
    living = InProcessStore()
    living.save(KEPT_UNDER, mute.load(KEPT_UNDER).memory, None)
    town.replica(living).take([sick()])
    assert town.heard == [PROBLEM]


def test_a_place_that_is_configured_no_longer_is_not_waited_for() -> None:
    town = Town(ops=Phone(), chat=Phone())
    town.one.take([sick()])
    del town.places["chat"]
    town.one.take([well()])
    assert town.store.load(KEPT_UNDER).memory.notes == {}


def test_an_error_that_nobody_foresaw_is_told_without_its_text() -> None:
    class Odd(Phone):
        def send(self, notice: Notice) -> None:
            raise RuntimeError("https://hooks/secret")

    town, why = Town(ops=Odd()), []
    notifier = replace(town.one, listener=lambda place, outcome, text="": why.append(text))
    notifier.take([sick()])
    assert why == ["RuntimeError"]


def test_a_place_that_hangs_holds_a_round_up_no_longer_than_its_bound() -> None:
    gate = threading.Event()

    class Hangs(Phone):
        def send(self, notice: Notice) -> None:
            gate.wait(60)

    town = Town(ops=Phone(), chat=Hangs())
    town.replica(within=0.1).take([sick()])
    assert town.heard == [PROBLEM]
    assert not gate.is_set()
    gate.set()


class Refusing(InProcessStore):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        raise self.error


@pytest.mark.parametrize("error", [MemoryConflictError("again"), StoreUnreachableError("down")])
def test_without_a_store_nobody_is_told_and_that_is_heard_of(error: Exception) -> None:
    town = Town()
    town.replica(Refusing(error)).take([sick()])
    assert town.heard == []
    assert town.outcomes == [("store", "failed")]


def test_what_another_version_has_stored_is_begun_anew() -> None:
    town = Town()
    town.store.save(KEPT_UNDER, Memory(notes={"f/breaker_open": {"colour": 1}}), None)
    town.one.take([sick()])
    assert town.heard == [PROBLEM]


def test_nothing_is_stored_while_nothing_goes_wrong() -> None:
    town = Town()
    town.one.take([well()])
    assert town.store.load(KEPT_UNDER) == Stored(Memory(), None)
