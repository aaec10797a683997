"""Grouping, sizing and launching, for any messages."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from support.dispatch import Asked, SaidCrew, incoming, rules, run

from autoscaler.core.rules import Spot
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.dispatching import End
from autoscaler.dispatch.messages import MOST_IN_GROUP, Incoming, grouped
from autoscaler.dispatch.naming import provider, token
from autoscaler.dispatch.payload import length, written

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
ATTRIBUTES = st.dictionaries(st.sampled_from(["k", "n"]), TEXTS | st.binary(max_size=9))
MESSAGES = st.lists(
    st.builds(
        Incoming,
        st.uuids().map(str),
        TEXTS,
        ATTRIBUTES,
        group=st.none() | st.sampled_from(["g", "h"]),
        receives=st.integers(1, 3),
    ),
    max_size=20,
    unique_by=lambda message: message.id,
)
WAYS = st.sampled_from(["message", "message_group", "all", "attribute:k"])


@given(MESSAGES, WAYS)
def test_every_message_is_in_exactly_one_group_and_keeps_its_order_there(
    messages: list[Incoming], by: str
) -> None:
    groups = grouped(messages, by)
    place = {message.id: at for at, message in enumerate(messages)}

    assert sorted(place[one.id] for group in groups for one in group) == [*range(len(messages))]
    for group in groups:
        assert 1 <= len(group) <= MOST_IN_GROUP
        assert [place[one.id] for one in group] == sorted(place[one.id] for one in group)


@given(MESSAGES)
def test_two_messages_share_a_task_if_and_only_if_they_share_the_attribute(
    messages: list[Incoming],
) -> None:
    group_of = {
        one.id: n for n, group in enumerate(grouped(messages, "attribute:k")) for one in group
    }

    for one in messages:
        for other in messages:
            value = one.attributes.get("k")
            same = value is not None and _text(value) == _text(other.attributes.get("k"))
            assert (group_of[one.id] == group_of[other.id]) == (same or one is other)


def _text(value: str | bytes | None) -> str | None:
    return value.hex() if isinstance(value, bytes) else value


@given(MESSAGES.filter(bool))
def test_a_payload_is_ascii_and_comes_back_as_it_was(messages: list[Incoming]) -> None:
    text = written(tuple(messages), "on_launch")

    assert text.isascii()
    assert [one["body"] for one in json.loads(text)] == [one.body for one in messages]
    assert length({"v": text}) == len(json.dumps({"v": text}).encode())


@given(MESSAGES, WAYS, st.integers(0, 12))
def test_never_more_than_max_tasks_and_each_message_has_one_fate(
    messages: list[Incoming], by: str, most: int
) -> None:
    asked = Asked()

    fates = run(rules(group_by=by, max_tasks=most), SaidCrew(), asked, *messages)

    assert fates.keys() == {message.id for message in messages}
    assert len(asked.launches) <= most
    launched = {one for _, _, _, ids in asked.launches for one in ids}
    assert launched == {one for one, fate in fates.items() if fate.end is End.LAUNCHED}


@given(st.integers(0, 4), st.floats(0, 1))
def test_the_share_of_spot_is_kept_over_many_launches(base: int, share: float) -> None:
    names = [token("house", "f", (incoming(str(n)),), 0) for n in range(2000)]
    spot = Spot(share=share, on_demand_base=base)

    on_spot = sum(
        provider(each, base, spot, Provider.FARGATE) is Provider.FARGATE_SPOT for each in names
    )

    assert abs(on_spot / len(names) - share) < 0.06  # five standard deviations
