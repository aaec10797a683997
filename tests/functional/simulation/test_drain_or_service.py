"""docs/drain-or-service.md: its commands run as they stand there, and its table adds up."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from autoscaler.cli import main

PAGE = (Path(__file__).parents[3] / "docs" / "drain-or-service.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", PAGE, flags=re.DOTALL))
COMMANDS = re.findall(r"^\$ autoscaler (compare -c patient\.yaml .*)$", PAGE, flags=re.MULTILINE)
ROWS = [
    [cell.strip() for cell in row.split("|")]
    for row in re.findall(r"^\| ((?:builds|web|chat) \| \d+ .*) \|$", PAGE, flags=re.MULTILINE)
]
SUBJECTS = ["patient:tasks", "patient:service", "eager:tasks", "eager:service"]


def trace(*names: str) -> str:
    """Some messages in the columns of the queue's trace."""
    rows = [",".join(("10", "60", "100")[: len(names)])] * 12
    rows += [",".join((str(at), "90", "200")[: len(names)]) for at in range(300, 900, 100)]
    return "\n".join((",".join(names), *rows, ""))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "builds.csv").write_text(trace("arrival_s", "work_s"))
    (tmp_path / "web.csv").write_text(trace("arrival_s"))
    (tmp_path / "chat.csv").write_text(trace("arrival_s", "tokens_in", "tokens_out"))
    return tmp_path


@pytest.mark.parametrize("world", [[], ["--world", "slow.yaml"]])
def test_its_commands_compare_both_policies_both_ways(
    folder: Path, world: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(COMMANDS) == len({row[0] for row in ROWS}) == 3
    for command in COMMANDS:
        written = shlex.split(command.replace(".csv.gz", ".csv"))
        assert main([*written, *world, "--jobs", "1", "-o", "json"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert [one["policy"] for one in told["trials"]] == SUBJECTS
        assert {one["unfinished"] for one in told["trials"]} == {0}


def test_its_table_has_both_start_ups_and_both_policies() -> None:
    cases = {(queue, start_up, policy) for queue, start_up, policy, *_ in ROWS}
    assert len(cases) == len(ROWS)
    assert {start_up for _, start_up, _ in cases} == {"35", "195"}
    assert {policy for _, _, policy in cases} == {"patient", "eager", "both"}


@pytest.mark.parametrize("row", ROWS, ids="-".join)
def test_what_the_service_costs_more_follows_from_both_costs(row: list[str]) -> None:
    tasks, service = float(row[3]), float(row[4])
    told = int(row[5].removesuffix(" %"))
    assert told == round(100 * (service / tasks - 1))
