"""`autoscaler replay`: recorded ticks decided once more, with the rules they had or with others."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support.recorded import CONFIG, DEPTH, EAGER, kept, lived, written

from autoscaler.cli import main
from autoscaler.core.record import to_json


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written()


def replayed(capsys: pytest.CaptureFixture[str], *options: str, status: int) -> dict[str, Any]:
    assert main(["replay", *options, "-o", "json"]) == status
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_the_same_configuration_decides_every_tick_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(lived())

    assert main(["replay"]) == 0

    when = "2023-11-14 22:14:00 UTC to 2023-11-14 22:24:00 UTC"
    assert capsys.readouterr().out.splitlines() == [
        f"records.jsonl: 6 ticks decided again, 0 otherwise, {when}",
        "1 records decided nothing: decided before, late, or failed",
    ]


def test_a_decision_that_was_altered_is_found_and_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    records = lived()
    text = kept(records)
    altered = Path(text).read_text().replace('"target": 3', '"target": 2', 1)
    assert altered != Path(text).read_text()
    Path(text).write_text(altered)

    told = replayed(capsys, status=1)

    assert (told["ticks"], told["different"]) == (6, 1)
    (one,) = told["differences"]
    assert (one["line"], one["then"], one["now"], one["parts"]) == (4, 2, 3, ["target"])


def test_another_configuration_is_told_as_a_difference_tick_by_tick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(lived())
    new = written(EAGER, "new.yaml")

    assert main(["replay", "--config", new]) == 1

    told = capsys.readouterr().out
    assert "fleet queue-proc, 2023-11-14 22:18:00 UTC, line 4: target 5, then 3; 1 live" in told
    assert "  - 25 messages (visible + in flight), 10 a task: 3 wanted." in told
    assert "  + 25 messages (visible + in flight), 5 a task: 5 wanted." in told
    assert "launches wanted 5 9" in " ".join(told.split())


def test_what_a_fleet_comes_to_is_summed_then_and_now(capsys: pytest.CaptureFixture[str]) -> None:
    kept(lived())

    told = replayed(capsys, "-c", written(EAGER, "new.yaml"), status=1)

    fleet = told["fleets"]["queue-proc"]
    assert (fleet["ticks"], fleet["different"], fleet["resized"]) == (6, 6, 2)
    assert (fleet["then"]["launches_wanted"], fleet["now"]["launches_wanted"]) == (5, 9)
    assert (fleet["then"]["targets_summed"], fleet["now"]["targets_summed"]) == (12, 16)
    assert fleet["then"]["reasons"]["max_tasks"] == 1
    assert sum(one["now"] - one["then"] for one in told["differences"]) == 4


def test_what_the_records_do_not_know_makes_a_policy_abstain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(lived())
    Path("new.yaml").write_text(
        CONFIG.replace("POLICIES", DEPTH).replace("thumbnails: {", "pictures: {")
    )

    told = replayed(capsys, "-c", "new.yaml", status=1)

    now = told["fleets"]["queue-proc"]["now"]
    assert (now["held"], now["reasons"]["abstained"]) == (6, 6)


def test_records_of_a_fleet_that_is_not_configured_are_counted_and_fail(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(lived())
    Path("autoscaler.yaml").write_text(
        CONFIG.replace("POLICIES", DEPTH).replace("queue-proc", "other")
    )

    assert main(["replay"]) == 1

    assert "7 records are of the fleet queue-proc, which this configuration does not have" in (
        capsys.readouterr().out
    )


def test_a_broken_line_is_told_by_its_number_and_the_others_are_decided(
    capsys: pytest.CaptureFixture[str],
) -> None:
    torn = json.dumps(to_json(lived()[2]))[:100]
    kept(
        lived(), "INFO something else", "", torn, '{"version": 7, "fleet": "queue-proc", "tick": 1}'
    )

    assert main(["replay"]) == 1

    seen = capsys.readouterr()
    newer = "this record has version 7 and this program reads up to 1"
    assert seen.err.splitlines() == [
        "autoscaler: records.jsonl: line 8 is no record; it is left out",
        "autoscaler: records.jsonl: line 10 is no record; it is left out",
        f"autoscaler: records.jsonl: line 11: {newer}; read it with the newer version",
    ]
    assert "6 ticks decided again, 0 otherwise" in seen.out
    assert "1 records cannot be read" in seen.out
    assert "2 lines are no record" in seen.out


def test_lines_of_others_between_the_records_are_no_failure() -> None:
    kept(lived(), "INFO something else")
    assert main(["replay"]) == 0


def test_gzipped_records_are_read_from_a_file_or_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(Path(kept(lived())).read_bytes())
    Path("packed").write_bytes(packed)
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(packed)))
    monkeypatch.setattr("sys.stdin", stdin)

    assert replayed(capsys, "packed", status=0) == replayed(capsys, "-", status=0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "F: there is no record in it"),
        (b"hello\n", "F: there is no record in it"),
        (b"\xff\n", "F is not text, and so no file of records"),
        (
            gzip.compress(b"{}\n" * 999, mtime=0)[:-12],
            "F ends in the middle of its gzip data: it was not written to its end",
        ),
    ],
)
def test_a_file_without_records_is_told(
    capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    Path("F").write_bytes(content)

    assert main(["replay", "F"]) == 2

    assert capsys.readouterr().err.splitlines()[-1] == f"autoscaler: {sentence}"


def test_only_so_many_differences_are_shown_and_all_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(lived())
    new = written(EAGER, "new.yaml")

    assert main(["replay", "-c", new, "--show", "1"]) == 1

    told = capsys.readouterr().out
    assert told.count(" live\n") == 1
    assert "5 more ticks are decided otherwise (--show tells more)" in told
