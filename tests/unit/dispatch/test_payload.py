"""What a task is told, and what its overrides come to."""

from __future__ import annotations

import json

from support.dispatch import incoming

from autoscaler.dispatch.naming import object_key
from autoscaler.dispatch.payload import NOTE, length, note, noted, pointer, written
from autoscaler.worker.payloads import Pointer, pointer_in


def test_a_payload_is_a_list_of_ids_bodies_and_attributes() -> None:
    group = (incoming("a", attributes={"n": "1", "b": b"\xff"}), incoming("b", group="g"))

    assert json.loads(written(group, "on_launch")) == [
        {"id": "a", "body": "body of a", "attributes": {"n": "1", "b": {"base64": "/w=="}}},
        {"id": "b", "body": "body of b", "attributes": {}, "group": "g"},
    ]


def test_receipts_are_told_to_a_task_that_deletes_and_to_no_other() -> None:
    group = (incoming("a", receipt="r", receives=3, sent_at=1),)

    (told,) = json.loads(written(group, "on_done"))
    assert (told["receipt"], told["receives"], told["sent_at"]) == ("r", 3, 1)
    assert "receipt" not in json.loads(written(group, "on_launch"))[0]


def test_a_pointer_is_read_by_the_worker() -> None:
    assert pointer_in(pointer("b", "k/é")) == Pointer("b", "k/é")
    assert pointer("b", "k") == Pointer("b", "k").as_body()


def test_a_note_tells_whose_messages_a_task_carries() -> None:
    told = note((incoming("a"), incoming("b")), "https://queue", "on_done")

    assert noted({NOTE: told}) == {"a", "b"}
    assert json.loads(told)["queue"] == "https://queue"


def test_what_is_no_note_tells_of_no_message() -> None:
    assert [noted({NOTE: text}) for text in ("", "{", "[]", "{}", '{"ids": 3}')] == [
        frozenset()
    ] * 5
    assert noted({}) == frozenset()


def test_overrides_are_measured_with_their_escapes_and_spaces() -> None:
    assert length({"a": "é"}) == len('{"a": "\\u00e9"}')


def test_a_key_tells_the_queue_and_the_first_message() -> None:
    group = (incoming("m-1"), incoming("m-2"))

    assert object_key("dispatch/", "q", group, "0123456789abcdef") == (
        "dispatch/q/m-1-0123456789ab.json"
    )
    assert object_key("", "q", group, "0" * 48).startswith("q/m-1-")
