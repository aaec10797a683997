"""`autoscaler plan` and `autoscaler explain`: one view of ticks to come and of ticks gone by."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import records, values
from support.sites import Site

from autoscaler.cli import main
from autoscaler.core.record import End, Record, to_json
from autoscaler.core.settings import MemoryInFile
from autoscaler.runtime.replica import only_replica

WIDTH = 80


def planned(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (fleet,) = json.loads(capsys.readouterr().out)["fleets"]
    result: dict[str, Any] = fleet
    return result


def test_a_plan_tells_what_a_tick_would_do_and_does_nothing(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.send(25)

    status = main(["plan", "--config", site.write(), "-o", "json"])

    told = planned(capsys)
    assert (status, told["end"], told["target"]) == (0, "decided", 3)
    assert (told["launches"], told["launched"]) == ({"FARGATE": 3}, 0)
    (queue,) = told["queues"]
    assert (queue["queue"], queue["visible"], queue["policies"][0]["want"]) == ("jobs", 25, 3)
    # three tasks of 0.25 vCPU and 0.5 GB in eu-west-2
    assert told["cost"]["launches_an_hour"] == pytest.approx(3 * (0.25 * 0.04656 + 0.5 * 0.00511))
    assert told["cost"]["upkeep_a_month"] > 0
    assert site.tasks() == []
    assert list(site.directory.iterdir()) == [site.directory / "autoscaler.yaml"]


def test_a_plan_is_readable_on_a_terminal_of_80_columns(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.send(25)

    assert main(["plan", "--config", site.write()]) == 0

    told = capsys.readouterr().out
    assert max(len(line) for line in told.splitlines()) <= WIDTH
    for part in ("25 visible", "want 3", "10 a task", "3 on FARGATE", "3 wanted, 0 live"):
        assert part in told


def test_a_plan_can_be_made_while_the_controller_runs(site: Site) -> None:
    with only_replica(MemoryInFile(site.config["store"]["path"])):
        assert main(["plan", "-c", site.write()]) == 0


def test_a_fleet_that_would_hold_is_a_negative_answer(
    site: Site, aws: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    config = site.write()
    aws.set_faults({"faults": [{"do": "deny", "calls": "ecs:ListTasks", "resource": site.cluster}]})
    try:
        status = main(["plan", "-c", config])
    finally:
        aws.set_faults({"faults": []})

    told = capsys.readouterr().out
    assert status == 1
    assert "unknown, so nothing changes" in told
    assert "access to ListTasks is denied" in " ".join(told.split())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--fleet", "worker"], "--fleet worker: there is no fleet; did you mean workers?"),
        (["--queue", "job"], "--queue job: there is no queue; did you mean jobs?"),
        (["--queue", "jobs", "--fleet", "other"], "the fleet other does not serve the queue jobs"),
    ],
)
def test_a_plan_of_what_is_not_there_names_what_is(
    site: Site, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert main(["plan", "-c", two_fleets(site), *options]) == 2

    assert capsys.readouterr().err == f"autoscaler: {sentence}\n"


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], [("other", ["more", "rest"]), ("workers", ["jobs"])]),
        (["--fleet", "other"], [("other", ["more", "rest"])]),
        (["--queue", "rest"], [("other", ["rest"])]),
    ],
)
def test_a_plan_can_be_of_one_fleet_or_one_queue(
    site: Site,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    shown: list[tuple[str, list[str]]],
) -> None:
    assert main(["plan", "-c", two_fleets(site), "-o", "json", *options]) == 0

    fleets = json.loads(capsys.readouterr().out)["fleets"]
    assert shown == [(one["fleet"], [q["queue"] for q in one["queues"]]) for one in fleets]


def two_fleets(site: Site) -> str:
    workers, jobs = site.config["fleets"]["workers"], site.config["queues"]["jobs"]
    more = {**jobs, "fleet": "other"}
    return site.write(
        fleets={"workers": workers, "other": workers},
        queues={"jobs": jobs, "more": more, "rest": more},
    )


# -------------------------------------------------------------------------------- explain


def written(directory: Path, *lines: Record | str) -> str:
    """A file of records; a text is a line that somebody else wrote."""
    file = directory / "records.jsonl"
    texts = [one if isinstance(one, str) else json.dumps(to_json(one)) for one in lines]
    file.write_text("\n".join(texts) + "\n")
    return str(file)


def test_what_a_tick_did_is_explained_from_its_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = records.record(tick=int(values.NOW))

    assert main(["explain", written(tmp_path, record)]) == 0

    told = capsys.readouterr().out
    assert max(len(line) for line in told.splitlines()) <= WIDTH
    for part in ("fleet f: decided", "queue q", "2 on FARGATE_SPOT", "Capacity is unavailable"):
        assert part in told


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([], [("f", 240), ("g", 240)]),
        (["--fleet", "f"], [("f", 240)]),
        (["--tick", "120"], [("f", 120), ("g", 120)]),
        (["--fleet", "g", "--tick", "120"], [("g", 120)]),
    ],
)
def test_the_newest_tick_is_explained_unless_another_is_asked_for(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    shown: list[tuple[str, int]],
) -> None:
    lines = [records.record(fleet=fleet, tick=tick) for tick in (240, 120) for fleet in "fg"]

    assert main(["explain", written(tmp_path, *lines), "-o", "json", *options]) == 0

    fleets = json.loads(capsys.readouterr().out)["fleets"]
    assert [(one["fleet"], one["tick"]) for one in fleets] == shown


def test_of_a_tick_that_is_recorded_twice_the_later_record_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, records.record(at=121.0), records.record(at=125.0))

    assert main(["explain", file, "-o", "json"]) == 0

    assert planned(capsys)["at"] == 125.0


def test_records_come_from_standard_input_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(to_json(records.record())).encode()
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(text)))
    monkeypatch.setattr("sys.stdin", stdin)

    assert main(["explain", "-"]) == 0

    assert "fleet f" in capsys.readouterr().out


def test_lines_that_are_no_record_are_told_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = json.dumps(to_json(records.record(tick=240)))[:100]
    file = written(tmp_path, "hello", records.record(), "", "[]", "{}", half)

    assert main(["explain", file]) == 0

    seen = capsys.readouterr()
    assert "fleet f" in seen.out
    assert seen.err.replace(file, "F").splitlines() == [
        "autoscaler: F: line 1 is no record; it is left out",
        "autoscaler: F: line 4 is no record; it is left out",
        "autoscaler: F: line 5 is no record; it is left out",
        "autoscaler: F: 1 more lines are no record",
    ]


@pytest.mark.parametrize(
    ("line", "options", "sentence"),
    [
        ("", [], "there is no record"),
        ("record", ["--fleet", "g"], "there is no record of the fleet g; there are some of f"),
        (
            "record",
            ["--tick", "7"],
            "there is no tick 7 among 1 ticks; they go from 120 to 120",
        ),
        (
            '{"version": 2, "fleet": "f", "tick": 240}',
            [],
            (
                "line 1: this record has version 2 and this program reads up to 1; "
                "read it with the newer version"
            ),
        ),
        (
            '{"fleet": "f", "tick": 240}',
            [],
            "line 1: this is no record: no version 1 in it",
        ),
        (
            '{"version": 1, "fleet": "f", "tick": 240, "colour": 1}',
            [],
            "line 1: this record is damaged, or of another version of this program: 'colour'",
        ),
    ],
)
def test_what_cannot_be_explained_is_told_in_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    line: str,
    options: list[str],
    sentence: str,
) -> None:
    file = written(tmp_path, records.record() if line == "record" else line)

    assert main(["explain", file, *options]) == 2

    assert capsys.readouterr().err == f"autoscaler: {file}: {sentence}\n"


def test_a_file_that_is_not_there_or_no_text_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")

    assert main(["explain", str(tmp_path / "nothing")]) == 2
    assert main(["explain", str(binary)]) == 2

    assert capsys.readouterr().err.splitlines() == [
        f"autoscaler: {tmp_path / 'nothing'} cannot be read: No such file or directory",
        f"autoscaler: {binary} is not text, and so no file of records",
    ]


def at(moment: str, **more: Any) -> Record:
    tick = int(datetime.fromisoformat(moment).timestamp())
    return records.record(tick=tick, at=tick + 1.0, **more)


def shown(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    fleets = json.loads(capsys.readouterr().out)["fleets"]
    return [
        (f"{datetime.fromtimestamp(one['tick'], UTC):%m-%d %H:%M}", one["fleet"]) for one in fleets
    ]


@pytest.mark.parametrize(
    ("options", "tick"),
    [
        (["--at", "2026-01-31T12:03:59Z"], "01-31 12:02"),
        (["--at", "2026-01-31T12:04"], "01-31 12:04"),
        (["--at", "2026-01-31T23:00"], "01-31 12:04"),
        (["--at", "2026-01-31T14:03", "--timezone", "Europe/Helsinki"], "01-31 12:02"),
        (["--at", "2026-01-31T12:03Z", "--timezone", "Europe/Helsinki"], "01-31 12:02"),
    ],
)
def test_the_last_tick_by_a_time_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], tick: str
) -> None:
    file = written(tmp_path, *(at(f"2026-01-31T12:{minute:02}Z") for minute in (4, 0, 2)))

    assert main(["explain", file, "-o", "json", *options]) == 0

    assert shown(capsys) == [(tick, "f")]


def test_a_time_without_a_date_is_of_today(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(UTC)
    file = written(
        tmp_path,
        *(at((today - timedelta(days=ago)).strftime("%Y-%m-%dT00:00Z")) for ago in (0, 1)),
    )

    assert main(["explain", file, "--at", "00:00", "-o", "json"]) == 0

    assert shown(capsys) in (
        [(today.strftime("%m-%d 00:00"), "f")],
        [((today + timedelta(days=1)).strftime("%m-%d 00:00"), "f")],
    )


def test_a_queue_stands_for_the_fleet_that_serves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = values.observation(values.reading(queue="r"))
    file = written(
        tmp_path,
        at("2026-01-31T12:00Z", fleet="f"),
        at("2026-01-31T12:02Z", fleet="f", observation=None, decision=None, end=End.HELD),
        at("2026-01-31T12:04Z", fleet="g", observation=other),
    )

    assert main(["explain", file, "--queue", "q", "-o", "json"]) == 0

    assert shown(capsys) == [("01-31 12:02", "f")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--queue", "r"], "F: there is no record of the queue r; there are some of q"),
        (
            ["--at", "2026-01-31T11:00Z"],
            (
                "F: there is no tick by 2026-01-31 11:00:00 UTC among 1 ticks; "
                "they go from 2026-01-31 12:00:00 UTC to 2026-01-31 12:00:00 UTC"
            ),
        ),
        (
            ["--at", "noon"],
            "--at noon is no time; write one of today such as 12:04, or 2026-01-31T12:04Z",
        ),
        (["--at", "12:04", "--tick", "1"], "--tick and --at both say which tick; give one of them"),
        (
            ["--at", "12:04", "--timezone", "Europe/Londn"],
            '--timezone: there is no time zone "Europe/Londn"; did you mean Europe/London?',
        ),
    ],
)
def test_a_time_or_queue_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    file = written(tmp_path, at("2026-01-31T12:00Z"))

    assert main(["explain", file, *options]) == 2

    assert capsys.readouterr().err.replace(file, "F") == f"autoscaler: {sentence}\n"
