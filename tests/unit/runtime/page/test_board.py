"""What the page keeps of records."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from support import pages, values
from support.pages import NOW

from autoscaler.core.cost import Tariff
from autoscaler.core.record import End, Record, to_json
from autoscaler.core.spending import Money
from autoscaler.runtime.page import board as boards
from autoscaler.runtime.page.board import Board
from autoscaler.runtime.page.earlier import earlier


def tick(queue: str, visible: int | None, at: float = NOW, **rest: object) -> Record:
    return pages.record(pages.reading(queue, visible, at=at), at=at, **rest)


def names(board: Board, beyond: int) -> list[str]:
    return [row["queue"] for row in board.rows(beyond)["queues"]]


def test_only_rows_that_changed_are_told_again() -> None:
    board = pages.board("a", "b")
    first = board.rows()["revision"]

    board.write(tick("b", 3))

    assert names(board, -1) == ["a", "b"]
    assert names(board, first) == ["b"]
    assert names(board, board.rows()["revision"]) == []


def test_a_tick_that_comes_late_does_not_take_the_place_of_a_newer_one() -> None:
    board = pages.board("a")
    board.write(tick("a", 1, NOW))
    board.write(tick("a", 9, NOW - 60))

    (row,) = board.rows()["queues"]
    assert row["visible"] == 1


def test_what_another_replica_decided_leaves_what_was_seen_here() -> None:
    board = pages.board("a")
    board.write(tick("a", 1))
    done = replace(tick("a", 0, NOW + 60), end=End.DONE_BEFORE, observation=None, decision=None)
    board.write(done)

    (row,) = board.rows()["queues"]
    assert (row["visible"], row["end"], row["elsewhere_at"]) == (1, "decided", NOW + 60)
    (told,) = row["troubles"]
    assert (told["level"], told["text"].count("UTC")) == ("note", 2), told

    board.write(tick("a", 2, NOW + 120))
    (row,) = board.rows()["queues"]
    assert (row["visible"], row["elsewhere_at"], row["troubles"]) == (2, None, [])


def test_a_tick_of_ours_that_is_tried_again_was_decided_here() -> None:
    board = pages.board("a")
    board.write(tick("a", 1))
    board.write(replace(tick("a", 1, NOW), at=NOW + 3, end=End.DONE_BEFORE, observation=None))

    (row,) = board.rows()["queues"]
    assert (row["elsewhere_at"], row["troubles"]) == (None, [])


def test_a_reload_keeps_what_is_known_of_queues_that_stay_and_forgets_the_others() -> None:
    board = pages.board("a", "b")
    board.write(tick("a", 5))
    board.configure(pages.settings("a", "c"))
    board.write(tick("b", 7))

    told = board.rows()
    assert told["names"] == ["a", "c"]
    assert [row["visible"] for row in told["queues"]] == [5, None]
    assert board.queue("b") is None
    assert board.queue("a")["history"]["visible"] == [5.0]  # type: ignore[index]


def test_what_was_asked_for_shows_until_the_next_tick() -> None:
    board = pages.board("a")
    board.write(tick("a", 1))
    board.ask("a", {"text": "Paused.", "at": NOW + 1})
    assert board.rows()["queues"][0]["asked"]["text"] == "Paused."

    board.write(tick("a", 1, NOW + 60))

    assert board.rows()["queues"][0]["asked"] is None


def test_money_of_today_is_counted_from_the_records() -> None:
    board = pages.board("a")
    for at, spent in ((NOW, 1.0), (NOW + 60, 1.5)):
        board.write(tick("a", 0, at, money=Money(Tariff({"FARGATE": 0.01}), spent)))

    assert board.rows()["queues"][0]["spent_today"] == {"dollars": 0.5, "since": NOW}


def test_records_come_newest_first_by_fleet_and_in_pages() -> None:
    board = pages.board("a", "b")
    for n in range(4):
        board.write(tick("a", n, NOW + n))
        board.write(tick("b", n, NOW + n))

    page = board.records(fleet="a", limit=3)
    rest = board.records(fleet="a", before=page[-1][0])

    assert [record.at - NOW for _, record in page] == [3, 2, 1]
    assert [record.at - NOW for _, record in rest] == [0]


def test_records_are_bounded_in_number_and_in_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "MOST_RECORDS", 3)
    board = pages.board("a")
    for n in range(5):
        board.write(tick("a", n, NOW + n))
    assert len(board.records(limit=10)) == 3

    monkeypatch.setattr(boards, "MOST_READINGS", 4)
    big = pages.record(*(pages.reading(name) for name in "abcd"), fleet="a", at=NOW + 9)
    board.write(big)
    assert [record.at for _, record in board.records()] == [NOW + 9]


def test_whoever_waits_is_woken_by_a_change_and_let_go_at_the_end() -> None:
    board = pages.board("a")
    version = board.rows()["revision"]
    assert board.wait(version, 0.0) == version

    writing = threading.Timer(0.05, lambda: board.write(tick("a", 1)))
    writing.start()
    assert board.wait(version, 60.0) == version + 1
    writing.join()
    board.close()
    assert board.wait(version, 60.0) is None


def test_the_hours_before_the_start_come_from_the_file_of_records(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    lines = [json.dumps(to_json(tick("a", n, NOW + 120 * n))) for n in range(3)]
    path.write_text("\n".join([lines[0], "half a li", '{"version": 1}', *lines[1:], '{"ver']))

    assert [record.at - NOW for record in earlier(path)] == [0, 120, 240]
    assert list(earlier(tmp_path / "none")) == []


def test_of_a_large_file_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "records.jsonl"
    line = json.dumps(to_json(tick("a", 1))) + "\n"
    path.write_text(line * 5)
    monkeypatch.setattr("autoscaler.runtime.page.earlier.MOST_BYTES", int(2.5 * len(line)))

    assert len(list(earlier(path))) == 2


def test_the_same_values_are_in_line_and_row() -> None:
    board = pages.board("a")
    board.write(tick("a", 7, live=2, tasks=values.fleet(2)))

    told = board.queue("a")
    assert told
    history = told["history"]
    assert [history[name][-1] for name in ("visible", "running", "target")] == [7.0, 2.0, 2.0]
    assert told["trend"] == [(NOW, 7.0)]
