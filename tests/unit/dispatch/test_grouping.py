"""Which messages share a task."""

from __future__ import annotations

import pytest
from support.dispatch import incoming

from autoscaler.dispatch.messages import MOST_IN_GROUP, Group, Incoming, grouped


def ids(groups: list[Group]) -> list[list[str]]:
    return [[message.id for message in group] for group in groups]


A = incoming("a", attributes={"tenant": "x"}, group="g1")
B = incoming("b", attributes={"tenant": "y"}, group="g1")
C = incoming("c", attributes={"tenant": "x"}, group="g2")
D = incoming("d")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("message", [["a"], ["b"], ["c"], ["d"]]),
        ("all", [["a", "b", "c", "d"]]),
        ("message_group", [["a", "b"], ["c"], ["d"]]),
        ("attribute:tenant", [["a", "c"], ["b"], ["d"]]),
    ],
)
def test_groups_come_in_the_order_of_their_first_messages(
    by: str, expected: list[list[str]]
) -> None:
    assert ids(grouped([A, B, C, D], by)) == expected


def test_what_lacks_the_attribute_shares_with_nobody() -> None:
    assert ids(grouped([D, incoming("e")], "attribute:tenant")) == [["d"], ["e"]]


def test_an_attribute_may_be_binary() -> None:
    one, two = (incoming(name, attributes={"k": b"\x00"}) for name in ("1", "2"))

    assert ids(grouped([one, two], "attribute:k")) == [["1", "2"]]


def test_a_message_that_is_there_twice_counts_once_by_its_last_delivery() -> None:
    ((only,),) = grouped([incoming("a", receipt="old"), incoming("a", receipt="new")], "all")

    assert only.receipt == "new"


def test_a_group_is_cut_where_a_task_could_not_name_all_its_messages() -> None:
    many = [Incoming(str(n), "") for n in range(MOST_IN_GROUP + 1)]

    assert [len(group) for group in grouped(many, "all")] == [MOST_IN_GROUP, 1]
