"""Sending: everything once where that can be, failed entries again, each message's outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from autoscaler.worker.errors import LastingError, PassingError
from autoscaler.worker.payloads import Pointer, pointer_in
from autoscaler.worker.ports import Refusal
from autoscaler.worker.sending.outgoing import Outgoing, Sent
from autoscaler.worker.sending.reading import Line, Mistake
from autoscaler.worker.sending.sender import TRIES, Sender

Trouble = Exception | dict[str, Refusal]


@dataclass
class Desk:
    """A queue in memory. `troubles`: what goes wrong in each call, by body or as a whole."""

    most_bytes: int = 1000
    ordered: bool = False
    deduplicates: bool = False
    name: str = "jobs"
    troubles: list[Trouble] = field(default_factory=list)
    calls: list[list[Outgoing]] = field(default_factory=list)
    objects: dict[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> list[str]:
        return [each.body for call in self.calls for each in call]

    def send(self, messages: Sequence[Outgoing]) -> list[str | Refusal]:
        trouble = self.troubles.pop(0) if self.troubles else {}
        if isinstance(trouble, Exception):
            raise trouble
        self.calls.append([each for each in messages if each.body not in trouble])
        return [trouble.get(each.body, f"id-{each.body}") for each in messages]

    def put(self, bucket: str, key: str, body: str) -> None:
        self.objects[f"{bucket}/{key}"] = body


def sender(desk: Desk, bucket: str | None = None) -> Sender:
    names = (f"new-{number}" for number in range(1000))
    return Sender(desk, bucket, lambda _: None, Random(1), lambda: next(names))


def outcomes(desk: Desk, *lines: Line, bucket: str | None = None) -> list[Sent]:
    return [each for some in sender(desk, bucket).send(lines) for each in some]


def bodies(count: int) -> Iterator[Outgoing]:
    return (Outgoing(str(number)) for number in range(count))


def test_every_message_gets_its_id_in_its_order() -> None:
    desk = Desk()
    assert outcomes(desk, *bodies(23)) == [Sent(n + 1, id=f"id-{n}") for n in range(23)]
    assert [len(call) for call in desk.calls] == [10, 10, 3]


def test_only_what_failed_is_sent_again() -> None:
    passing = Refusal("InternalError", ours=False)
    desk = Desk(troubles=[{"1": passing, "3": passing}, {"3": passing}])
    assert [each.id for each in outcomes(desk, *bodies(5))] == [f"id-{n}" for n in range(5)]
    assert [[each.body for each in call] for call in desk.calls] == [["0", "2", "4"], ["1"], ["3"]]


def test_what_is_our_fault_is_refused_at_once() -> None:
    desk = Desk(troubles=[{"1": Refusal("InvalidMessageContents", ours=True)}])
    found = outcomes(desk, *bodies(3))
    assert [each.error for each in found] == [
        None, "SQS refused it: InvalidMessageContents", None,
    ]  # fmt: skip
    assert len(desk.calls) == 1


def test_what_fails_again_and_again_is_given_up() -> None:
    passing = Refusal("InternalError", ours=False)
    desk = Desk(troubles=[{"0": passing}] * 100)
    assert outcomes(desk, Outgoing("0")) == [Sent(1, error="SQS failed too often")]
    assert len(desk.calls) == TRIES


def test_a_call_that_fails_as_a_whole_is_made_again() -> None:
    desk = Desk(troubles=[PassingError("throttled")] * (TRIES - 1))
    assert outcomes(desk, Outgoing("0")) == [Sent(1, id="id-0")]


@pytest.mark.parametrize("error", [PassingError("throttled"), LastingError("the queue is gone")])
def test_trouble_that_lasts_ends_it_after_what_was_sent_is_told(error: Exception) -> None:
    desk = Desk(troubles=[{}, *[error] * TRIES])
    told = sender(desk).send(bodies(15))
    assert len(next(told)) == 10
    with pytest.raises(type(error)):
        next(told)


def test_lines_that_are_no_messages_are_told_in_their_place_and_the_others_sent() -> None:
    found = outcomes(Desk(), Outgoing("a"), Mistake("it is not JSON"), Outgoing(""), Outgoing("b"))
    assert [each.number for each in found] == [1, 2, 3, 4]
    assert [each.id for each in found] == ["id-a", None, None, "id-b"]
    assert found[1].error == "it is not JSON"


def test_mistakes_alone_are_told_too() -> None:
    assert outcomes(Desk(), Mistake("no")) == [Sent(1, error="no")]


class TestOversize:
    def test_an_oversize_body_goes_to_the_bucket_and_a_pointer_is_sent(self) -> None:
        desk = Desk()
        (sent,) = outcomes(desk, Outgoing("x" * 1001, {"kind": "a"}), bucket="large")
        assert sent.error is None
        ((message,),) = desk.calls
        assert pointer_in(message.body) == Pointer("large", "jobs/new-0")
        assert message.attributes == {"kind": "a"}
        assert desk.objects == {"large/jobs/new-0": "x" * 1001}

    def test_a_body_that_just_fits_is_sent_as_it_is(self) -> None:
        desk = Desk()
        outcomes(desk, Outgoing("x" * 1000), bucket="large")
        assert desk.objects == {}

    def test_without_a_bucket_it_is_refused_with_its_size(self) -> None:
        (sent,) = outcomes(Desk(), Outgoing("x" * 1001))
        assert sent.error == "1,001 bytes are more than the 1,000 it takes; name a bucket for it"

    def test_attributes_that_are_too_large_alone_are_refused(self) -> None:
        (sent,) = outcomes(Desk(), Outgoing("x", {"a": "y" * 999}), bucket="large")
        assert "even without the body" in (sent.error or "")


class TestFifo:
    def test_a_message_gets_a_deduplication_id_unless_it_has_one(self) -> None:
        desk = Desk(ordered=True)
        outcomes(desk, Outgoing("a", group="g"), Outgoing("b", group="h", deduplication_id="own"))
        ((first, second),) = desk.calls
        assert (first.deduplication_id, second.deduplication_id) == ("new-0", "own")

    def test_a_queue_that_deduplicates_by_content_is_left_to_it(self) -> None:
        desk = Desk(ordered=True, deduplicates=True)
        outcomes(desk, Outgoing("a", group="g"))
        assert desk.calls[0][0].deduplication_id is None

    def test_a_repetition_has_the_same_deduplication_id(self) -> None:
        desk = Desk(ordered=True, troubles=[PassingError("no answer")])
        outcomes(desk, Outgoing("a", group="g"))
        assert desk.calls[0][0].deduplication_id == "new-0"

    def test_a_group_keeps_its_order_when_a_message_has_to_be_sent_again(self) -> None:
        passing = Refusal("InternalError", ours=False)
        desk = Desk(ordered=True, troubles=[{"a1": passing}])
        outcomes(desk, *(Outgoing(body, group=body[0]) for body in ("a1", "b1", "a2", "b2")))
        assert desk.taken == ["b1", "a1", "a2", "b2"]

    @pytest.mark.parametrize(
        ("message", "why"),
        [
            (Outgoing("a"), "needs a group"),
            (Outgoing("a", group="g", delay_seconds=1), "no delay of single messages"),
        ],
        ids=["group", "delay"],
    )
    def test_what_a_fifo_queue_does_not_take(self, message: Outgoing, why: str) -> None:
        (sent,) = outcomes(Desk(ordered=True), message)
        assert why in (sent.error or "")
