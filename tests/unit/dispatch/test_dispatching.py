"""What becomes of the messages of a batch."""

from __future__ import annotations

from support.dispatch import NO_SPOT, Asked, SaidCrew, carrier, incoming, rules, run

from autoscaler.core.actions import Failure, FailureKind, Outcome
from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import Dispatch, End, accepted

A, B = incoming("a"), incoming("b")
REFUSED = Outcome(failures=(Failure("AccessDenied", "", FailureKind.DENIED),))
ALL_SPOT = Spot(share=1.0)


def test_each_group_gets_a_task_of_its_own() -> None:
    asked = Asked()

    fates = run(rules(), SaidCrew(), asked, A, B)

    assert [fate.end for fate in fates.values()] == [End.LAUNCHED, End.LAUNCHED]
    assert [ids for _, _, _, ids in asked.launches] == [("a",), ("b",)]


def test_the_same_batch_again_asks_under_the_same_tokens_at_the_same_provider() -> None:
    first, again = Asked(), Asked()
    half = rules(spot=Spot(share=0.5))

    for asked in (first, again):
        run(half, SaidCrew(), asked, A, B)

    assert first.launches == again.launches


def test_a_message_that_was_refused_before_asks_under_another_token() -> None:
    asked = Asked()

    run(rules(), SaidCrew(), asked, A)
    run(rules(), SaidCrew(), asked, incoming("a", receives=2))

    assert asked.launches[0][0] != asked.launches[1][0]


def test_a_message_whose_task_is_live_starts_none_and_counts_as_accepted() -> None:
    asked = Asked()

    fates = run(rules(), SaidCrew([carrier("a")]), asked, A, B)

    assert (fates["a"].end, fates["b"].end) == (End.CARRIED, End.LAUNCHED)
    assert {one.id for one in accepted(fates.values())} == {"a", "b"}
    assert len(asked.launches) == 1


def test_a_message_that_comes_again_after_its_task_ended_starts_none() -> None:
    asked = Asked()

    fates = run(rules(), SaidCrew(gone=[carrier("a")]), asked, incoming("a", receives=2))

    assert fates["a"].end is End.CARRIED
    assert asked.launches == []


def test_ended_tasks_are_asked_for_only_when_a_message_comes_again() -> None:
    crew = SaidCrew()

    run(rules(), crew, Asked(), A)

    assert crew.asked == 0


def test_until_it_is_done_a_message_stays_in_the_hand_of_its_live_task() -> None:
    fates = run(rules("on_done"), SaidCrew([carrier("a")]), Asked(), A)

    assert fates["a"].end is End.IN_HAND
    assert accepted(fates.values()) == []


def test_a_message_that_its_ended_task_did_not_delete_gets_another_task() -> None:
    crew = SaidCrew(gone=[carrier("a")])

    fates = run(rules("on_done"), crew, Asked(), incoming("a", receives=2))

    assert fates["a"].end is End.LAUNCHED


def test_beyond_max_tasks_nothing_is_launched_and_nothing_accepted() -> None:
    asked, crew = Asked(), SaidCrew([carrier("x")])

    fates = run(rules(max_tasks=2), crew, asked, A, B)

    assert [fate.end for fate in fates.values()] == [End.LAUNCHED, End.FULL]
    assert "max_tasks" in fates["b"].why
    assert len(asked.launches) == 1


def test_one_refused_group_leaves_the_others_alone() -> None:
    fates = run(rules(), SaidCrew(), Asked({("a", 0): REFUSED}), A, B)

    assert (fates["a"].end, fates["b"].end) == (End.REFUSED, End.LAUNCHED)
    assert fates["a"].why == "AccessDenied"
    assert [one.id for one in accepted(fates.values())] == ["b"]


def test_a_lost_answer_is_neither_accepted_nor_room_for_another() -> None:
    lost = Asked({("a", 0): Outcome(unsure="the answer did not come")})

    fates = run(rules(max_tasks=1), SaidCrew(), lost, A, B)

    assert (fates["a"].end, fates["b"].end) == (End.UNSURE, End.FULL)
    assert accepted(fates.values()) == []


def test_a_launch_rate_that_is_used_up_leaves_the_message_for_later() -> None:
    late = Asked({("a", 0): Outcome(failures=(Failure("paced", "", FailureKind.LATE),))})

    assert run(rules(), SaidCrew(), late, A)["a"].end is End.FULL


def test_what_spot_has_no_room_for_is_launched_on_demand_under_another_token() -> None:
    asked = Asked({("a", 0): NO_SPOT})

    fates = run(rules(spot=ALL_SPOT), SaidCrew(), asked, A)

    (first, _, spot, _), (second, n, on_demand, _) = asked.launches
    assert fates["a"].end is End.LAUNCHED
    assert (spot, on_demand, n) == (Provider.FARGATE_SPOT, Provider.FARGATE, 1)
    assert first != second


def test_without_a_fallback_a_shortage_of_spot_is_a_refusal() -> None:
    asked = Asked({("a", 0): NO_SPOT})

    fates = run(rules(spot=Spot(share=1.0, fallback="none")), SaidCrew(), asked, A)

    assert fates["a"].end is End.REFUSED
    assert len(asked.launches) == 1


def test_the_on_demand_base_is_filled_before_any_task_is_on_spot() -> None:
    asked, crew = Asked(), SaidCrew([carrier("x"), carrier("y", provider=Provider.FARGATE_SPOT)])

    run(rules(spot=Spot(share=1.0, on_demand_base=2)), crew, asked, A, B)

    assert [provider for _, _, provider, _ in asked.launches] == [
        Provider.FARGATE,
        Provider.FARGATE_SPOT,
    ]


def test_nothing_to_dispatch_asks_for_nothing() -> None:
    asked = Asked()

    assert Dispatch(rules(), (), SaidCrew(), asked).run([]) == []
    assert asked.launches == []
