"""`autoscaler tune`: a search, its table, the file it recommends, and what it says to mistakes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import optuna
import pytest
from support.configurations import changed

from autoscaler.cli import main
from autoscaler.simulation.traces import make, parse_work, write_trace

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
LINE = ["tune", "--trace", "made.csv.gz", "--promise", "5m", "--policy", "depth"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With a trace of three hours, and what runs today: a task for each message."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOSCALER_CONFIG", raising=False)
    trace = make("poisson:rate=1", 10_800.0, seed=1, work=parse_work("10s"))
    write_trace(trace, tmp_path / "made.csv.gz")
    today = changed("messages_per_task: 10", "messages_per_task: 1")
    (tmp_path / "autoscaler.yaml").write_text(today, encoding="utf-8")
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main([*LINE, *more, "-o", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_recommends_a_whole_configuration_that_is_valid_and_cheaper(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*LINE, "--trials", "6", "--output", "tuned.yaml"]) == 0
    out = capsys.readouterr().out
    assert "made, 6 candidates for 5 min" in out
    assert "less than what runs today, which keeps 100.00% for" in out
    assert "wrote tuned.yaml; next: autoscaler config check --config tuned.yaml" in out

    assert main(["config", "check", "--config", "tuned.yaml"]) == 0
    assert "photos, served by the fleet thumbnailers, by depth" in capsys.readouterr().out
    text = Path("tuned.yaml").read_text()
    assert text.startswith("# Recommended by `autoscaler tune`: on the last 54 min of made")
    assert "cluster: pipeline  # autoscaler.yaml:4" in text


def test_the_same_seed_finds_the_same_and_json_tells_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = told(capsys, "--trials", "4", "--seed", "3")

    assert told(capsys, "--trials", "4", "--seed", "3") == found
    assert found["candidates"] <= 4
    recommended, today = found["recommended"], found["today"]
    assert recommended in found["pareto"]
    assert recommended["policies"][0]["type"] == "depth"
    assert recommended["fleet"].keys() == {"period", "max_launches_per_tick"}
    assert found["dollars_a_month"] == recommended["validation"]["dollars_a_month"]
    saving = today["dollars_a_month"] - found["dollars_a_month"]
    assert found["saving_dollars_a_month"] == pytest.approx(saving)
    assert found["search"]["seconds"] + found["validation"]["seconds"] == 10_800.0
    assert found["nearest"] is None
    assert "chosen by tune" in found["yaml"]
    keys = [*found, *recommended, *recommended["validation"]]
    assert [key for key in keys if f"`{key}`" not in PAGE and key != "version"] == []


def test_where_none_keeps_the_promise_it_says_so_shows_the_nearest_and_writes_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = [*LINE[:3], "--promise", "5s", *LINE[5:]]

    assert main([*line, "--trials", "2", "--output", "tuned.yaml"]) == 1

    told = capsys.readouterr()
    assert "nothing to recommend" in told.out
    assert "candidates starts 99.5% within 5 s on both parts of the trace; the nearest" in told.err
    assert not Path("tuned.yaml").exists()


def test_without_a_configuration_it_writes_a_fresh_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "autoscaler.yaml").unlink()

    assert main([*LINE, "--trials", "2", "--queue", "photos", "--output", "tuned.yaml"]) == 0

    assert "Nothing was given as --config" in capsys.readouterr().out
    assert "queue: photos" in Path("tuned.yaml").read_text()
    assert main(["config", "check", "--config", "tuned.yaml"]) == 0


def test_two_processes_share_a_study(capsys: pytest.CaptureFixture[str]) -> None:
    more = ("--trials", "3", "--study-storage", "sqlite:///study.db")
    line = [sys.executable, "-m", "autoscaler", *LINE, *more, "-o", "json", "--seed", "1"]

    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as other:
        told(capsys, *more, "--seed", "2")
        assert other.wait(120) == 0

    (study,) = optuna.get_all_study_summaries(optuna.storages.RDBStorage("sqlite:///study.db"))
    assert study.n_trials == 6
    assert told(capsys, *more, "--seed", "3")["candidates"] > 6


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--promise", "1h"], "made is too short for a promise of 1 h: it lasts 3 h"),
        (["--promise", "soon"], "--promise: 'soon' is not a duration"),
        (["--policy", "dept"], "--policy dept: it is not searched; there are depth, backlog"),
        (["--queue", "other"], "--queue other: there is no queue"),
        (["--study-storage", "nonsense"], "--study-storage nonsense: no study can be kept there"),
        (["--output", "autoscaler.yaml"], "autoscaler.yaml is there already; name another"),
        (["--config", "gone.yaml"], "gone.yaml: there is no such file"),
    ],
)
def test_a_mistake_is_a_sentence(
    more: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*LINE, "--trials", "1", *more]) == 2

    assert says in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "--help"]) == 0

    assert "Example: autoscaler tune --trace july.csv.gz" in capsys.readouterr().out


def test_processes_beside_each_other_judge_as_one_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first proposals of a seed are drawn without having learned anything."""
    alone = told(capsys, "--trials", "2", "--seed", "3")
    assert told(capsys, "--trials", "2", "--seed", "3", "--jobs", "2") == alone
