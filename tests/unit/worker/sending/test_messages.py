"""What SQS takes, how lines are read, how messages are put together."""

import pytest

from autoscaler.worker.sending.batches import batches
from autoscaler.worker.sending.outgoing import MOST_BYTES, Outgoing
from autoscaler.worker.sending.reading import Line, Mistake, json_lines, text_lines


def numbered(*messages: Outgoing) -> list[tuple[int, Outgoing]]:
    return list(enumerate(messages, start=1))


def numbers(messages: list[tuple[int, Outgoing]], *, ordered: bool = False) -> list[list[int]]:
    return [[number for number, _ in batch] for batch in batches(messages, ordered=ordered)]


class TestBatches:
    def test_ten_messages_are_a_call(self) -> None:
        found = numbers(numbered(*[Outgoing("x")] * 23))
        assert [len(each) for each in found] == [10, 10, 3]
        assert [number for each in found for number in each] == list(range(1, 24))

    def test_a_call_holds_a_mebibyte_to_the_byte(self) -> None:
        half, rest = Outgoing("x" * (MOST_BYTES // 2)), Outgoing("x" * (MOST_BYTES // 2))
        assert numbers(numbered(half, rest, Outgoing("x"))) == [[1, 2], [3]]
        assert numbers(numbered(Outgoing("x"), half, rest)) == [[1, 2], [3]]

    def test_attributes_and_characters_of_several_bytes_count(self) -> None:
        message = Outgoing("ä€", {"kind": "a", "count": 12, "raw": b"\0"})
        assert (
            message.size_bytes
            == 5 + len("kindStringa") + len("countNumber12") + len("rawBinary") + 1
        )

    def test_where_order_counts_no_call_has_two_messages_of_a_group(self) -> None:
        """SQS may refuse the first of them and take the second."""
        given = numbered(*(Outgoing("x", group=group) for group in "abacc"))
        assert numbers(given, ordered=True) == [[1, 2], [3, 4], [5]]
        assert numbers(given) == [[1, 2, 3, 4, 5]]

    def test_nothing_makes_no_call(self) -> None:
        assert numbers([]) == []


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (Outgoing(""), "empty"),
        (Outgoing("a\0b"), "U+0000"),
        (Outgoing("a\ud800"), "U+D800"),
        (Outgoing("\uffff"), "U+FFFF"),
        (Outgoing("x", {str(number): 1 for number in range(11)}), "11 attributes"),
        (Outgoing("x", {"a": ""}), "attribute is empty"),
        (Outgoing("x", delay_seconds=901), "901 s"),
        (Outgoing("x", delay_seconds=-1), "-1 s"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_sqs_would_refuse_is_known_beforehand(message: Outgoing, why: str) -> None:
    assert why in (message.mistake() or "")


def test_what_sqs_takes_is_no_mistake() -> None:
    message = Outgoing(
        "\t\n\r \ud7ff\ue000\ufffd\U0010ffff", {"a": 0, "b": b"\0"}, delay_seconds=900
    )
    assert message.mistake() is None


def test_a_body_is_not_in_its_repr() -> None:
    assert "secret" not in repr(Outgoing("secret", {"key": "secret"}))


def read(line: bytes) -> Line:
    (found,) = json_lines([line], "usual")
    return found


class TestReading:
    def test_a_line_is_a_body_without_its_end(self) -> None:
        lines = [b"a\n", b" b \r\n", "ä".encode()]
        assert [each.body for each in text_lines(lines, None) if isinstance(each, Outgoing)] == [
            "a", " b ", "ä",
        ]  # fmt: skip

    def test_what_is_not_utf8_is_a_mistake_and_the_next_line_is_not(self) -> None:
        bad, good = text_lines([b"ab\xff\n", b"c\n"], None)
        assert bad == Mistake("it is not UTF-8 (at byte 3)")
        assert good == Outgoing("c")

    def test_an_object_tells_all_of_a_message(self) -> None:
        line = (
            b'{"body": "x", "attributes": {"n": 1.5, "s": "t"}, "group": "g",'
            b' "deduplication_id": "d", "delay_seconds": 3}'
        )
        assert read(line) == Outgoing("x", {"n": 1.5, "s": "t"}, "g", "d", 3)

    def test_a_body_that_is_no_text_is_written_as_json(self) -> None:
        assert read('{"body": {"a": ["ä", 1]}}'.encode()) == Outgoing(
            '{"a": ["ä", 1]}', group="usual"
        )

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (b"{", "it is not JSON (Expecting property name enclosed in double quotes"),
            (b"[1]", 'not an object with a "body"'),
            (b'{"text": "x"}', 'not an object with a "body"'),
            (b'{"body": "x", "grup": "g"}', "'grup' is not known; known are body, attributes"),
            (b'{"body": "x", "group": 3}', "group is not a text"),
            (b'{"body": "x", "delay_seconds": "1"}', "not a whole number"),
            (b'{"body": "x", "delay_seconds": true}', "not a whole number"),
            (b'{"body": "x", "attributes": {"a": true}}', "texts and numbers"),
            (b'{"body": "x", "attributes": [1]}', "texts and numbers"),
        ],
        ids=str,
    )
    def test_a_line_that_is_no_message_says_why(self, line: bytes, why: str) -> None:
        found = read(line)
        assert isinstance(found, Mistake)
        assert why in found.why
