"""The suite finds what a policy does wrong, each kind by its claim, and nothing else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from autoscaler.conformance import Report, check
from autoscaler.conformance.report import Claim
from autoscaler.core import needs
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.signals import CloudWatchMetric
from policies.depth import Depth

LOAD = CloudWatchMetric("Mine", "load")
Answer = Callable[[Observation], Any]


@dataclass(frozen=True)
class Sound:
    """Answers with whatever it is given."""

    answer: Answer

    needs: ClassVar = (needs.counts,)

    def advise(self, seen: Observation) -> Any:
        return self.answer(seen)


@dataclass(frozen=True)
class Lawful(Sound):
    """Says that it keeps all laws."""

    laws: ClassVar = tuple(Law)


def visible(seen: Observation) -> int:
    return seen.reading.visible or 0


def failed(report: Report) -> set[Claim]:
    return {finding.claim for finding in report.findings}


def told(report: Report) -> str:
    (finding,) = report.findings
    return finding.text


def found(answer: Answer) -> Report:
    return check(Sound(answer))


# --------------------------------------------------------------------------------- what is well


def test_a_sound_policy_passes() -> None:
    report = check(Lawful(lambda seen: Advice(want=visible(seen) // 10, why="A tenth.")))
    assert report.passed
    assert report.asked > 100
    assert report.microseconds is not None
    assert 0 < report.microseconds < 50


def test_one_that_keeps_notes_and_reads_them_with_care_passes() -> None:
    def advise(seen: Observation) -> Advice:
        kept = (seen.notes or {}).get("seen", 0)
        count = kept if isinstance(kept, int) and 0 <= kept < 1000 else 0
        return Advice(want=0, notes={"seen": count + 1})

    assert found(advise).passed


def test_the_same_seed_shows_the_same_and_another_seed_something_else() -> None:
    def shown(seed: int) -> list[int]:
        seen: list[int] = []
        check(Sound(lambda one: seen.append(visible(one)) or Advice(want=0)), seed=seed)
        return seen[:100]

    assert shown(1) == shown(1)
    assert shown(1) != shown(2)


def test_it_is_shown_empty_and_huge_queues_no_and_many_tasks_and_every_kind_of_notes() -> None:
    seen: list[Observation] = []
    check(Sound(lambda one: seen.append(one) or Advice(want=0)))
    counts = {visible(one) for one in seen}
    assert 0 in counts
    assert max(counts) > 1_000_000
    assert {0, 1} <= {one.live for one in seen}
    assert max(one.live for one in seen) >= 1000
    assert {one.reading.oldest_age is None for one in seen} == {True, False}
    assert {type(one.notes) for one in seen} == {type(None), dict}


# --------------------------------------------------------------------------------- what is wrong


def test_one_that_raises_for_an_empty_queue_is_found_with_the_observation() -> None:
    report = found(lambda seen: Advice(want=int(10 / visible(seen))))
    assert failed(report) == {Claim.TOTAL}
    (finding,) = report.findings
    assert finding.text == "It raised ZeroDivisionError: division by zero."
    assert finding.observation is not None
    assert finding.observation["readings"]["q"]["visible"] == 0
    assert report.microseconds is None


def test_one_that_reckons_with_an_unknown_it_does_not_declare_is_found() -> None:
    age: Answer = lambda seen: Advice(want=int(seen.reading.oldest_age > 60))  # noqa: E731
    report = found(age)
    assert failed(report) == {Claim.TOTAL}
    assert "TypeError" in told(report)


def test_one_that_trusts_its_notes_is_found() -> None:
    def advise(seen: Observation) -> Advice:
        return Advice(want=0, notes={"n": 1 + (seen.notes or {}).get("n", 0)})

    assert Claim.TOTAL in failed(found(advise))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (lambda seen: Advice(want=-3), "Its want is -3, not a count."),
        (lambda seen: Advice(want=visible(seen) / 10), "not a count."),
        (lambda seen: Advice(want=0, look_again_at=float("nan")), "look_again_at is nan, not a"),
        (lambda seen: 3, "It answered 3 instead of advice."),
        (lambda seen: None, "It answered None instead of advice."),
    ],
)
def test_what_is_no_sound_advice_is_found(answer: Answer, text: str) -> None:
    report = found(answer)
    assert failed(report) == {Claim.FINITE}
    assert text in told(report)


def test_notes_that_json_cannot_hold_are_found() -> None:
    report = found(lambda seen: Advice(want=0, notes={"at": {1, 2}}))
    assert failed(report) == {Claim.NOTES}
    assert "not a mapping that JSON can hold" in told(report)


def test_notes_that_are_read_in_another_way_than_they_were_written_are_found() -> None:
    """A tuple comes back as a list."""

    def advise(seen: Observation) -> Advice:
        kept = isinstance((seen.notes or {}).get("pair"), tuple)
        return Advice(want=int(kept), notes={"pair": (1, 2)})

    assert Claim.NOTES in failed(found(advise))


def test_one_that_throws_dice_is_found() -> None:
    dice = random.Random(0)
    report = found(lambda seen: Advice(want=dice.randrange(1000)))
    assert Claim.PURE in failed(report)


def test_one_that_changes_what_it_is_shown_is_found() -> None:
    def advise(seen: Observation) -> Advice:
        seen.readings.clear()  # type: ignore[attr-defined]  # a mapping it should only read
        return Advice(want=0)

    assert Claim.PURE in failed(found(advise))


def test_one_that_changes_itself_is_found() -> None:
    @dataclass(frozen=True)
    class Counting:
        asked: list[int] = field(default_factory=list)
        needs: ClassVar = ()

        def advise(self, seen: Observation) -> Advice:
            self.asked.append(1)
            return Advice(want=0)

    report = check(Counting())
    assert failed(report) == {Claim.PURE}
    assert told(report) == "It changed itself when it was asked."


@pytest.mark.parametrize(
    ("answer", "law"),
    [
        (lambda seen: Advice(want=10**9 - visible(seen)), Law.MESSAGES),
        (lambda seen: Advice(at_least=max(0, 1000 - visible(seen))), Law.MESSAGES),
        (lambda seen: Advice(want=int((seen.reading.oldest_age or 0) < 60)), Law.AGE),
    ],
)
def test_a_law_that_is_declared_and_broken_is_found(answer: Answer, law: Law) -> None:
    report = check(Lawful(answer))
    assert failed(report) == {Claim.LAWFUL}
    assert told(report).startswith(f"It declares that {law.value}, and ")


def test_a_law_of_signals_is_held_to_the_signals_it_needs() -> None:
    @dataclass(frozen=True)
    class Falls:
        needs: ClassVar = (needs.signal(LOAD),)
        laws: ClassVar = (Law.SIGNALS,)

        def advise(self, seen: Observation) -> Advice:
            return Advice(want=int((seen.signals[LOAD.key] or 0) < 50))

    assert failed(check(Falls())) == {Claim.LAWFUL}


def test_one_that_takes_its_time_is_found() -> None:
    def advise(seen: Observation) -> Advice:
        return Advice(want=sum(range(20_000)) % 7)

    report = check(Sound(advise), observations=20)
    assert failed(report) == {Claim.FAST}
    assert "microseconds" in told(report)


@pytest.mark.parametrize(("adds", "found"), [(6_000, set()), (60_000, {Claim.FAST})])
def test_one_that_plans_may_declare_more_time_and_no_more_than_the_suite_knows(adds, found):
    @dataclass(frozen=True)
    class Plans:
        needs: ClassVar = ()
        microseconds: ClassVar = 1e9

        def advise(self, seen: Observation) -> Advice:
            return Advice(want=sum(range(adds)) % 7)

    assert failed(check(Plans(), observations=20)) == found


def test_one_whose_needs_are_never_met_is_found_as_nothing_was_shown() -> None:
    @dataclass(frozen=True)
    class Waits:
        needs: ClassVar = (Need("full moon", lambda seen: False),)

        def advise(self, seen: Observation) -> Advice:
            raise NotImplementedError

    report = check(Waits(), observations=30)
    assert failed(report) == {Claim.ASKED}
    assert told(report) == "None of 30 observations met its needs: full moon."


def test_one_that_always_abstains_is_found() -> None:
    assert failed(found(lambda seen: Advice.abstain("Not today."))) == {Claim.ASKED}


def test_a_need_that_raises_where_something_is_unknown_is_found() -> None:
    @dataclass(frozen=True)
    class Careless:
        needs: ClassVar = (Need("messages", lambda seen: (seen.reading.visible or []) > 0),)

        def advise(self, seen: Observation) -> Advice:
            return Advice(want=0)

    report = check(Careless())
    assert failed(report) == {Claim.UNKNOWN}
    assert told(report).startswith("A need of it raised TypeError")


class Bare:
    needs: ClassVar[Any] = ()

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=0)


class NeedsText(Bare):
    needs: ClassVar[Any] = ("messages",)


class NoNeeds:
    def advise(self, seen: Observation) -> Advice:
        raise NotImplementedError


@dataclass(frozen=True)
class LawsAsText:
    needs: ClassVar[Any] = ()
    laws: ClassVar[Any] = ("it is good",)

    def advise(self, seen: Observation) -> Advice:
        return Advice(want=0)


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (Bare(), "Bare is not a dataclass with frozen=True."),
        (NeedsText(), "NeedsText is not a dataclass with frozen=True."),
        (NoNeeds(), "NoNeeds is not a dataclass with frozen=True."),
        (LawsAsText(), "Its laws are not made of autoscaler.core.laws.Law."),
    ],
)
def test_what_is_declared_wrongly_is_found_and_no_more_is_asked_of_it(
    policy: Any, text: str
) -> None:
    report = check(policy)
    assert failed(report) == {Claim.DECLARED}
    assert told(report) == text


# -------------------------------------------------------------------------------------- reports


def test_a_report_reads_as_a_line_a_claim_with_what_was_found_below() -> None:
    lines = str(found(lambda seen: Advice(want=-3))).splitlines()
    assert lines[0] == "Sound: failed, seed 0"
    assert len(lines) == len(Claim) + 2
    assert [line for line in lines if "FAILED" in line] == [f"  FAILED  {Claim.FINITE.value}"]
    assert "          Its want is -3, not a count." in lines
    assert str(check(Depth())).startswith("Depth: passed, seed 0\n  ok      ")


def test_a_report_has_a_json_form_with_every_claim() -> None:
    told = json.loads(json.dumps(found(lambda seen: Advice(want=-3)).to_json()))
    assert (told["policy"], told["passed"], told["seed"]) == ("Sound", False, 0)
    assert [one["claim"] for one in told["claims"]] == [claim.name.lower() for claim in Claim]
    (broken,) = [one for one in told["claims"] if not one["passed"]]
    assert broken["found"] == "Its want is -3, not a count."
    assert "readings" in broken["observation"]
