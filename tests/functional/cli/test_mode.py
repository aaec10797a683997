"""`autoscaler mode` on a local AWS, with real tasks of both kinds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from support.local_aws import client
from support.mode_stage import LEAVES, PATIENCE, Stage, mapped, settle
from support.processes import wait_for
from support.sites import Site

from autoscaler.cli import main
from autoscaler.local import LocalAws
from autoscaler.operations.mode import switching


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching, "LOOK_EVERY_SECONDS", 0.2)


PAGE = (Path(__file__).parents[3] / "docs" / "modes.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ autoscaler mode (.*?)\n(.*?)```", PAGE, flags=re.DOTALL)
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
TOOK = re.compile(r" \([\d.]+ [a-z ]+\)")


def test_what_the_page_shows_is_what_is_told(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """But for how long each step took, and what could be seen of a step that went by fast."""
    example, season = map(yaml.safe_load, EXAMPLES)
    modes = example["queues"]["jobs"]["modes"]
    stage = Stage(site, modes)
    settle(stage)
    for command, shown in SHOWN:
        if command.startswith("season"):
            modes |= season
        capsys.readouterr()
        assert stage.mode(*command.split()) == 0
        told = capsys.readouterr().out.replace(f"{site.cluster}-web", "web")
        assert settled(told) == settled(shown)
    assert len(SHOWN) == 4


def settled(told: str) -> str:
    return re.sub(r": \d running of 2 ->", ": 1 running of 2 ->", TOOK.sub("", told))


def test_the_season_of_today_is_followed_and_the_other_mode_refused(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    season = {"direct": [{"from": "01-01", "to": "12-31"}]}
    stage = Stage(site, {**LEAVES, "season": season})
    assert stage.mode("queued", "jobs", "--yes") == 0, "as it is already"
    assert stage.mode("follow", "--timeout", "2m") == 0
    assert stage.shown(capsys) == ("direct", ["the service web"])
    assert stage.mode("follow") == 0
    assert capsys.readouterr().out == "jobs is direct: there is nothing to do\n"
    assert stage.mode("queued", "jobs", "--yes") == 2
    assert "the season of jobs says direct today" in capsys.readouterr().err


def test_a_queue_that_cannot_be_switched_is_told_and_the_others_are_switched_all_the_same(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    season = {"direct": [{"from": "01-01", "to": "12-31"}]}
    stage = Stage(site, {**LEAVES, "season": season})
    jobs = {**site.config["queues"]["jobs"], "fleet": "others"}
    broken = {**jobs, "modes": {**LEAVES, "service": "nobodys", "season": season}}
    site.config["fleets"]["others"] = site.config["fleets"]["workers"]
    site.config["queues"] = {"broken": broken, **site.config["queues"]}
    assert stage.mode("follow", "--timeout", "2m") == 1
    told = capsys.readouterr()
    assert "autoscaler: broken: there is no service nobodys" in told.err
    assert "jobs is direct\n" in told.out


def test_who_else_receives_is_named_and_nothing_is_touched(
    aws: LocalAws, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped(site, aws.endpoint_url)
    stage = Stage(site, LEAVES)
    wait_for(lambda: stage.mode("direct", "jobs", "--dry-run") == 0, "a mapping at rest", PATIENCE)
    functions = client(aws.endpoint_url, "lambda")
    (mapping,) = functions.list_event_source_mappings(FunctionName=site.cluster)[
        "EventSourceMappings"
    ]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    capsys.readouterr()
    assert stage.mode("direct", "jobs", "--yes") == 2
    assert f"the Lambda function {site.cluster} receives from the queue" in capsys.readouterr().err
    assert stage.service()["desiredCount"] == 0
    assert stage.mode("show", "-o", "json") == 1, "two work on it"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["direct", "job", "--yes"], "there is no queue job in the configuration"),
        (["direct", "jobs", "--yes", "--timeout", "soon"], "--timeout: 'soon' is not a duration"),
        (["direct", "jobs"], "There is no terminal to answer at: give --yes"),
        (["season"], "no queue has a season"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_status_2(
    site: Site, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(site, LEAVES)
    assert stage.mode(*arguments) == 2
    assert said in capsys.readouterr().err


def test_a_queue_without_modes_is_told_where_to_write_them(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mode", "show", "--config", site.write()]) == 2
    assert "no queue has modes; write them under" in capsys.readouterr().err
