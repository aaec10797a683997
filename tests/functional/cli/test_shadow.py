"""`autoscaler run --shadow` beside tasks that somebody else runs, and what its report says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.processes import wait_for
from support.services import running
from support.sites import Site
from support.values import NOW, PERIOD, fleet, observation, reading

from autoscaler.cli import main
from autoscaler.core.model import Decision, Minute
from autoscaler.core.record import End, Record, to_json

PAGE = (Path(__file__).parents[3] / "docs" / "shadow.md").read_text(encoding="utf-8")

ERRORS = [
    (["--today", "workers"], "is of no known form; write FLEET=family:NAME or FLEET=service:NAME"),
    (["--today", "workers=queue:x"], "is of no known form"),
    (["--today", "others=family:x"], "there is no fleet others; there is workers"),
]


def by_hand(site: Site, count: int, family: str | None = None) -> None:
    """Tasks that somebody else has launched."""
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    site.ecs.run_task(
        cluster=site.cluster,
        taskDefinition=family or site.cluster,
        count=count,
        launchType="FARGATE",
        networkConfiguration=network,
    )


def written(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [
        json.loads(line) for line in file.read_text().splitlines(keepends=True) if line[-1] == "\n"
    ]


def both(record: dict[str, Any]) -> tuple[int, int | None]:
    """Tasks that ran, and that we wanted."""
    seen = record["observation"].get("fleet", {})
    return len(seen.get("tasks", ())), record["decision"]["target"]


def test_a_shadow_records_what_it_would_do_beside_what_runs_and_does_nothing(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.send(25)
    by_hand(site, 1)
    config, records = site.write(), site.directory / "shadow.jsonl"

    with running(site, config, "--shadow", "--records", str(records)) as service:
        wait_for(lambda: len(service.events("decided")) >= 3, "three decisions")

    assert {both(one) for one in written(records)} == {(1, 3)}
    assert len(site.tasks()) == 1
    memory = Path(site.config["store"]["path"])
    assert [path.name for path in memory.iterdir()] == ["shadow"]

    assert main(["shadow", "report", str(records), "-c", config, "-o", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["fleets"]["workers"]
    ran, ours = told["ran"], told["ours_at_least"]
    assert ours["task_seconds"] == pytest.approx(3 * ran["task_seconds"], rel=0.05) != 0
    assert ours["dollars"] == pytest.approx(3 * ran["dollars"], rel=0.1) != 0
    assert main(["replay", str(records), "-c", config]) == 0


def test_nobody_may_act_in_the_shadow_and_it_says_so(site: Site) -> None:
    token = "0123456789abcdef0123456789abcdef"
    actions = site.directory / "actions"
    actions.write_text(f"alice {token}\n")

    with running(site, site.write(), "--shadow", "--actions-file", str(actions)) as service:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{service.port()}/api/actions",
            b'{"action": "pause", "queue": "jobs"}',
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=20)
        offered = json.loads(service.get("/api/actions"))["on"]
        acts = json.loads(service.get("/api/queues"))["acts"]

    with refused.value as answer:
        assert (answer.code, offered, acts) == (403, False, False)
        assert "act on what scales today" in json.loads(answer.read())["error"]


def test_it_runs_beside_a_real_controller_and_sees_its_tasks(site: Site) -> None:
    site.send(25)
    config, records = site.write(), site.directory / "shadow.jsonl"

    with (
        running(site, config) as real,
        running(site, config, "--shadow", "--records", str(records)) as service,
    ):
        wait_for(lambda: real.events("decided"), "the real one's decision")
        before = len(service.events("decided"))
        wait_for(lambda: len(service.events("decided")) > before + 1, "two decisions")

    assert both(written(records)[-1]) == (3, 3)
    assert len(site.tasks()) == 3


def test_todays_tasks_may_be_of_another_family(site: Site) -> None:
    definition = site.ecs.describe_task_definition(taskDefinition=site.cluster)["taskDefinition"]
    site.ecs.register_task_definition(
        family=f"{site.cluster}-old",
        **{
            key: definition[key]
            for key in (
                "networkMode",
                "containerDefinitions",
                "requiresCompatibilities",
                "cpu",
                "memory",
            )
        },
    )
    by_hand(site, 2, f"{site.cluster}-old")
    records = site.directory / "shadow.jsonl"
    today = f"workers=family:{site.cluster}-old"

    with running(
        site, site.write(), "--shadow", "--today", today, "--records", str(records)
    ) as service:
        wait_for(lambda: service.events("decided"), "a decision")

    assert {both(one) for one in written(records)} == {(2, 0)}


@pytest.mark.parametrize(("options", "sentence"), ERRORS)
def test_what_names_todays_tasks_wrongly_is_told(
    site: Site, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert main(["run", "-c", site.write(), "--port", "0", "--shadow", *options]) == 2
    assert sentence in capsys.readouterr().err


def test_a_report_of_no_look_or_of_an_odd_promise_is_refused(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = site.directory / "empty"
    empty.write_text("")
    config = site.write()

    assert main(["shadow", "report", str(empty), "-c", config]) == 2
    assert "there is no record of a look in it" in capsys.readouterr().err
    assert main(["shadow", "report", str(empty), "-c", config, "--promise", "soon"]) == 2
    assert "--promise: " in capsys.readouterr().err


def a_week() -> Iterator[Record]:
    """Four tasks all the time, work by day, and at noon more of it than four can do."""
    for number in range(7 * 720):
        hour = number % 720 / 30
        visible = {9: 5, 10: 15, 11: 25, 12: 70, 13: 25, 14: 15, 15: 5}.get(int(hour), 0)
        age = 400.0 if int(hour) == 12 else 60.0 if visible else None
        at = NOW + number * PERIOD
        seen = observation(
            reading(visible, queue="jobs", at=at, minutes=(Minute(at, oldest_age=age),)),
            tasks=fleet(4),
            now=at,
        )
        decision = Decision(-(-visible // 10), 4, ())
        yield Record("house", "workers", int(at), at, End.DECIDED, seen, decision)


def test_the_page_shows_what_the_report_prints(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    records = site.directory / "shadow.jsonl"
    records.write_text("".join(json.dumps(to_json(one)) + "\n" for one in a_week()))

    status = main(["shadow", "report", str(records), "-c", site.write(), "--promise", "5m"])

    assert status == 0
    shown = PAGE.partition("$ autoscaler shadow report shadow.jsonl --promise 5m\n")[2]
    assert capsys.readouterr().out.strip() == shown.partition("```")[0].strip()


def test_every_key_of_a_report_is_on_the_page(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    records = site.directory / "shadow.jsonl"
    records.write_text(json.dumps(to_json(next(a_week()))) + "\n")

    assert main(["shadow", "report", str(records), "-c", site.write(), "-o", "json"]) == 0

    told = json.loads(capsys.readouterr().out)
    one = told["fleets"]["workers"]
    keys = {*told, *one, *one["ran"], *one["queues"]["jobs"]} - {"version"}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
