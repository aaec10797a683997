"""What a handler gets: JSON, S3 events with decoded keys, a flag, and no body in logs."""

import json

import pytest

from autoscaler.worker import Message, S3Object


def s3_event(key: str, **more: object) -> str:
    s3 = {"bucket": {"name": "pictures"}, "object": {"key": key, **more}}
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": s3}]})


TEST_EVENT = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "pictures"})


@pytest.mark.parametrize(
    ("sent", "meant"),
    [("a+b.jpg", "a b.jpg"), ("a%2Bb.jpg", "a+b.jpg"), ("caf%C3%A9/1.jpg", "café/1.jpg")],
)
def test_keys_are_decoded_as_s3_encodes_them(sent: str, meant: str) -> None:
    assert Message(s3_event(sent, size=5)).s3_objects() == (
        S3Object("pictures", meant, 5, "ObjectCreated:Put"),
    )


def test_an_unknown_size_is_none() -> None:
    assert Message(s3_event("gone.jpg")).s3_objects()[0].size_bytes is None


def test_a_test_event_says_so_and_has_no_objects() -> None:
    message = Message(TEST_EVENT)
    assert message.is_s3_test_event
    assert message.s3_objects() == ()


@pytest.mark.parametrize("body", ["no json", "[]", "{}", s3_event("a.jpg")])
def test_nothing_else_is_a_test_event(body: str) -> None:
    assert not Message(body).is_s3_test_event


@pytest.mark.parametrize(
    "body", ["no json", "[]", "null", "{}", '{"Records": [{}]}', '{"Records": 5}']
)
def test_what_is_no_s3_event_raises(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Message(body).s3_objects()


def test_the_body_is_not_in_its_repr() -> None:
    assert "secret" not in repr(Message(body="secret", id="1"))


def test_a_handler_can_be_tested_without_a_worker() -> None:
    message = Message("{}")
    message.extend(60)
    assert message.json() == {}
    assert not message.stopping


def test_who_wants_to_hear_of_a_stop_hears_it_once_however_late() -> None:
    message, heard = Message(""), []
    message.on_stop(lambda: heard.append("early"))
    assert heard == []
    message.ask_to_stop()
    message.ask_to_stop()
    message.on_stop(lambda: heard.append("late"))
    assert heard == ["early", "late"]
