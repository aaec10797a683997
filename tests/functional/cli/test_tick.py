"""`autoscaler tick` and `autoscaler pause` on a local AWS."""

from __future__ import annotations

import json
import time

import pytest
from support.processes import wait_for
from support.sites import Site

from autoscaler.cli import main


def in_another_second() -> None:
    """A second is the id of a manual tick, and one id is decided once."""
    second = int(time.time())
    wait_for(lambda: int(time.time()) > second, "the next second")


def test_a_tick_launches_what_the_queue_needs_and_says_why(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.send(25)

    status = main(["tick", "--config", site.write()])

    assert status == 0
    assert len(site.tasks()) == 3
    told = capsys.readouterr().out
    assert "workers: decided, 3 launched" in told
    assert "3 wanted, 0 live: 3 missing." in told


def test_a_second_tick_counts_the_tasks_that_are_starting(site: Site) -> None:
    site.send(25)
    config = site.write()

    assert main(["tick", "--config", config]) == 0
    in_another_second()
    assert main(["tick", "--config", config]) == 0

    assert len(site.tasks()) == 3


def test_json_is_the_record_of_each_fleet(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.send(1)

    main(["tick", "--config", site.write(), "-o", "json"])

    (record,) = json.loads(capsys.readouterr().out)
    assert (record["fleet"], record["version"]) == ("workers", 1)
    assert record["decision"]["target"] == 1


def test_a_task_definition_that_is_no_longer_active_is_found_before_anything_is_launched(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.send(1)
    config = site.write()
    site.ecs.deregister_task_definition(taskDefinition=f"{site.cluster}:1")

    status = main(["tick", "--config", config])

    assert status == 2
    assert site.cluster in capsys.readouterr().err
    assert site.tasks() == []


def test_a_paused_queue_launches_nothing_until_it_is_resumed(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.send(5)
    config = site.write()

    assert main(["pause", "jobs", "--for", "1h", "--config", config]) == 0
    assert main(["tick", "--config", config]) == 0
    assert site.tasks() == []
    assert "Queue jobs is paused until" in capsys.readouterr().out

    assert main(["resume", "jobs", "--config", config]) == 0
    in_another_second()
    assert main(["tick", "--config", config]) == 0
    assert len(site.tasks()) == 1


def test_pausing_an_unknown_queue_names_those_there_are(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pause", "job", "--config", site.write()]) == 2

    assert capsys.readouterr().err == (
        "autoscaler: there is no queue job in the configuration; there is jobs\n"
    )


@pytest.mark.parametrize(
    "given", [["--for", "18:00"], ["--for", "1h", "--until", "2h"]], ids=["no duration", "both"]
)
def test_a_pause_for_no_time_is_told(
    site: Site, capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    assert main(["pause", "jobs", *given, "--config", site.write()]) == 2

    assert "--for" in capsys.readouterr().err


@pytest.mark.parametrize("until", ["soon", "2026-01-31T18:00"])
def test_a_pause_until_no_time_is_told(
    site: Site, capsys: pytest.CaptureFixture[str], until: str
) -> None:
    assert main(["pause", "jobs", "--until", until, "--config", site.write()]) == 2

    assert f"--until {until}" in capsys.readouterr().err
