"""A policy may do what it likes: the tick goes on and the reason names it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from support.values import NeedsCounts, Raises, Says, blind, observation, queue, reading, rules

from autoscaler.core import needs
from autoscaler.core.advice import ask, needs_history, needs_price
from autoscaler.core.flaws import flaw_in
from autoscaler.core.model import Advice, Cause, Minute
from autoscaler.core.needs import Need

GOOD = Advice(
    want=3,
    at_least=0,
    at_most=9,
    pause=True,
    new_tasks=2,
    spot_share=0.5,
    stay_until=1.0,
    look_again_at=2,
    why="Because.",
    notes={"since": 1.5, "names": ["a", None], "deep": {"yes": True}},
)
LOOP: dict[str, object] = {}
LOOP["itself"] = LOOP


class Unprintable:
    def __repr__(self) -> str:
        raise ValueError("no words for it")


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        (None, "it answered NoneType instead of advice"),
        (3, "it answered int instead of advice"),
        (Advice(want=-1), "want is -1, not a count"),
        (Advice(want=3.0), "want is 3.0, not a count"),
        (Advice(want=True), "want is True, not a count"),
        (Advice(want="3"), "want is '3', not a count"),
        (Advice(want=math.nan), "want is nan, not a count"),
        (Advice(at_least=-2), "at_least is -2, not a count"),
        (Advice(at_most=math.inf), "at_most is inf, not a count"),
        (Advice(new_tasks=-1), "new_tasks is -1, not a count"),
        (Advice(pause=1), "pause is 1, not true or false"),
        (Advice(spot_share=1.1), "spot_share is 1.1, not a share from 0 to 1"),
        (Advice(spot_share=-0.1), "spot_share is -0.1, not a share from 0 to 1"),
        (Advice(spot_share=math.nan), "spot_share is nan, not a share from 0 to 1"),
        (Advice(spot_share=True), "spot_share is True, not a share from 0 to 1"),
        (Advice(stay_until=math.inf), "stay_until is inf, not a time"),
        (Advice(stay_until=-1), "stay_until is -1, not a time"),
        (Advice(stay_until="noon"), "stay_until is 'noon', not a time"),
        (Advice(look_again_at=math.nan), "look_again_at is nan, not a time"),
        (Advice(look_again_at=True), "look_again_at is True, not a time"),
        (Advice(why=7), "why is 7, not text"),
        (Advice(notes=[1]), "notes is [1], not a mapping that JSON can hold"),
        (Advice(notes={"s": {1}}), "notes is {'s': {1}}, not a mapping that JSON can hold"),
        (Advice(notes={"n": math.nan}), "notes is {'n': nan}, not a mapping that JSON can hold"),
        (Advice(notes={"n": math.inf}), "notes is {'n': inf}, not a mapping that JSON can hold"),
        (Advice(notes={1: 2}), "notes is {1: 2}, not a mapping that JSON can hold"),
    ],
)
def test_an_answer_with_a_flaw_is_dropped_and_the_flaw_named(answer, flaw):
    advice, reason = ask(Says(answer), observation(), "mine")
    assert advice.abstained
    assert advice.want is None
    assert reason.cause is Cause.POLICY_FAILED
    assert reason.text == f"mine is left out: {flaw}."
    assert (reason.queue, reason.policy) == ("q", "mine")


def test_notes_that_contain_themselves_are_a_flaw():
    text = ask(Says(Advice(notes=LOOP)), observation(), "mine")[1].text
    assert text.endswith("not a mapping that JSON can hold.")


@pytest.mark.parametrize("field", ["want", "stay_until"])
def test_a_number_beyond_all_measure_is_dropped_in_few_words(field):
    advice, reason = ask(Says(Advice(**{field: 10**5000})), observation(), "mine")
    assert advice.abstained
    assert len(reason.text) < 200


def test_an_answer_that_cannot_even_be_printed_is_dropped():
    assert ask(Says(Advice(want=Unprintable())), observation(), "mine")[0].abstained


def test_good_advice_is_passed_on_as_it_is():
    advice, reason = ask(Says(GOOD), observation(), "mine")
    assert advice is GOOD
    assert (reason.cause, reason.text) == (Cause.WANT, "Because.")
    assert flaw_in(GOOD) is None


def test_advice_without_a_why_is_said_to_have_none():
    assert ask(Says(Advice(want=1)), observation(), "mine")[1].text == "mine gives no reason."


def test_a_policy_that_raises_is_left_out_and_its_error_named():
    advice, reason = ask(Raises(KeyError("x")), observation(), "mine")
    assert advice.abstained
    assert reason.cause is Cause.POLICY_FAILED
    assert reason.text == "mine is left out: it raised KeyError: 'x'."


def test_a_policy_that_abstains_by_itself_has_not_failed():
    _, reason = ask(Says(Advice.abstain("No opinion on Sundays.")), observation(), "mine")
    assert (reason.cause, reason.text) == (Cause.ABSTAINED, "No opinion on Sundays.")


def test_a_policy_whose_need_is_unknown_is_not_asked():
    advice, reason = ask(NeedsCounts(Advice(want=3)), observation(blind()), "mine")
    assert advice.abstained
    assert reason.cause is Cause.ABSTAINED
    assert reason.text == "mine abstains: the queue's message counts unknown."


def test_every_unknown_need_is_named():
    @dataclass(frozen=True)
    class Both(Says):
        needs: ClassVar = (needs.counts, needs.age)

    text = ask(Both(), observation(blind()), "mine")[1].text
    assert "the queue's message counts and the age of the oldest message unknown" in text


def test_a_need_that_raises_leaves_its_policy_out():
    @dataclass(frozen=True)
    class Broken(Says):
        needs: ClassVar = (Need("a signal", lambda seen: seen.signals["none"] is not None),)

    advice, reason = ask(Broken(), observation(), "mine")
    assert advice.abstained
    assert reason.text == "mine is left out: it raised KeyError: 'none'."


@pytest.mark.parametrize("unknown", ["visible", "in_flight", "delayed"])
def test_counts_are_known_only_when_all_three_are(unknown):
    """One GetQueueAttributes tells all three, so a missing one shows that it went wrong."""
    assert needs.counts.known(observation(reading()))
    assert not needs.counts.known(observation(reading(**{unknown: None})))


def test_the_age_is_that_of_the_newest_minute_and_silence_is_not_zero():
    old, silent = Minute(1.0, oldest_age=9.0), Minute(2.0)
    assert needs.age.known(observation(reading(minutes=(old,))))
    assert not needs.age.known(observation(reading(minutes=(old, silent))))
    assert not needs.age.known(observation(reading()))


@dataclass(frozen=True)
class Needing(Says):
    needs: Any = ()


class Unasked:
    @property
    def needs(self) -> tuple[Need, ...]:
        raise ValueError("no idea")


def test_the_price_is_asked_for_where_a_policy_needs_it_or_would_tell_it():
    for wanted in (needs.price, needs.price_if_known):
        assert needs_price(rules(queue(Says(), Needing(needs=(needs.counts, wanted)))))
    assert not needs_price(rules(queue(Needing(needs=(needs.counts, needs.sent)))))
    assert not needs_price(rules(queue(Unasked())))


def test_a_history_is_kept_where_a_policy_needs_what_was_sent():
    assert needs_history([Says(), Needing(needs=(needs.sent,))])
    assert not needs_history([Says(), Needing(needs=(needs.price,)), Unasked()])


def test_a_policy_that_only_wants_to_know_is_asked_all_the_same():
    advice, reason = ask(Needing(Advice(why="Yes."), (needs.price_if_known,)), observation(), "p")
    assert (reason.text, advice.abstained) == ("Yes.", False)
