"""A real Prometheus scrapes the demo and a worker, and has an answer to all the dashboard asks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.groups import Workers
from support.hooks import listening
from support.local_aws import REGION, Ecs
from support.processes import wait_for
from support.programs import program
from support.prometheus import Prometheus, prometheus
from support.services import Service, running
from support.sites import Site
from support.worker_process import bay

from autoscaler.telemetry.table import ROWS, Kind

ROOT = Path(__file__).parents[3]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "queue-autoscaler.json").read_text())
RULES = ROOT / "deploy" / "prometheus" / "rules.yaml"

CHOSEN = {"$__rate_interval": "20s", "$worker_queue": ".*"} | {
    f"${name}": ".*" for name in ("job", "fleet", "queue")
}
"""What Grafana puts in where everything is chosen."""


def expressions() -> list[str]:
    """All that the dashboard asks, its choices' values included."""
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]
    choices = [each["query"]["query"] for each in DASHBOARD["templating"]["list"][1:]]
    told = [re.sub(r"label_values\((.*), \w+\)", r"\1", choice) for choice in choices]
    return [_chosen(each) for each in (*asked, *told)]


def _chosen(expression: str) -> str:
    for name, value in CHOSEN.items():
        expression = expression.replace(name, value)
    return expression


@dataclass(frozen=True)
class Demo:
    """`autoscaler demo --keep`, with what it says and where its controller is."""

    directory: Path

    def port(self) -> int | None:
        """Of the controller's metrics, once it listens."""
        for log in self.directory.glob("autoscaler-demo-*/controller.log"):
            for line in log.read_text().splitlines():
                if line.startswith("{") and (event := json.loads(line))["event"] == "started":
                    return int(event["port"])
        return None

    def endpoint(self) -> str | None:
        """Of its AWS, which it tells once all the work is done."""
        found = re.search(r"export AWS_ENDPOINT_URL=(\S+)", (self.directory / "said").read_text())
        return found[1] if found else None


@contextmanager
def demo(directory: Path) -> Iterator[Demo]:
    command = ["demo", "--messages", "20", "--policy", "budget", "--keep"]
    with (directory / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "autoscaler", *command],
            stdout=said,
            stderr=said,
            env={**os.environ, "TMPDIR": str(directory), "PYTHONUNBUFFERED": "1"},
        )
    try:
        yield Demo(directory)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def of_others(endpoint: str, directory: Path) -> Iterator[Service]:
    """A controller of a service and of a fleet on EC2, which tells a webhook: a demo has none."""
    site = Site.at(endpoint, directory)
    site.ecs.create_service(
        cluster=site.cluster,
        serviceName="workers",
        taskDefinition=site.cluster,
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
    )
    group = Workers.of(Ecs.at(endpoint), desired=0)
    fleets = {
        "workers": {"run": "service", "cluster": site.cluster, "service": "workers"},
        "hosted": {
            "capacity": "ec2",
            "cluster": group.ecs.cluster,
            "task_definition": group.define("sleep", "60"),
            "container": "main",
            "instances": {"group": group.name, "network": "host"},
        },
    }
    depth = {"type": "depth", "messages_per_task": 1}
    hosted = {"queue": site.url, "fleet": "hosted", "policies": [depth]}
    with listening() as hook:
        changed = {
            "fleets": fleets,
            "queues": {**site.config["queues"], "hosted": hosted},
            "notify": {"to": {"pager": {"type": "webhook", "url": hook.url}}},
        }
        with running(site, site.write(**changed)) as service:
            yield service


def scraping(controller: int, found: Path) -> dict[str, Any]:
    """As docs/metrics.md has it, a hundred times as often."""
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {
                "job_name": "queue-autoscaler",
                "static_configs": [{"targets": [f"127.0.0.1:{controller}"]}],
            },
            {"job_name": "later", "file_sd_configs": [{"files": [str(found)]}]},
        ],
    }


def test_promtool_parses_every_expression(tmp_path: Path) -> None:
    promtool = program("promtool", package="prometheus")
    rules = [{"record": f"asked:{at}", "expr": each} for at, each in enumerate(expressions())]
    (tmp_path / "asked.yaml").write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}))

    checked = subprocess.run(
        [promtool, "check", "rules", str(tmp_path / "asked.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(rules)} rules found" in checked.stdout


def test_every_expression_of_the_dashboard_has_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("prometheus", package="prometheus")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    monkeypatch.setenv("AWS_REGION", REGION)
    found = tmp_path / "found.json"
    started = time.time()
    with demo(tmp_path) as shown:
        port = wait_for(shown.port, "the demo's controller")
        with prometheus(tmp_path / "prometheus", scraping(port, found)) as scraper:
            endpoint = wait_for(shown.endpoint, "the end of the demo's work", seconds=150)
            monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
            with (
                bay(endpoint, tmp_path, visibility=30, max_receives=3) as queue,
                of_others(endpoint, tmp_path) as service,
            ):
                queue.send(["0-a", "0-b"])
                worker = queue.start("by_body", "--health-port", "0", "--minimum-stay", "60s")
                worker.wait_for("healthy_at")
                ports = worker.events("healthy_at")[0]["port"], service.port()
                found.write_text(json.dumps([{"targets": [f"127.0.0.1:{one}" for one in ports]}]))
                worker.wait_for("done", 2)
                wait_for(lambda: scraper.now(WORKER_SCRAPED), "the worker's second scrape")
                wait_for(lambda: scraper.now(SERVICE_SCRAPED), "the service's second scrape")
                wait_for(lambda: healths(scraper) == {"up"}, "a good scrape of every target")
            answered = {each: scraper.between(each, started, time.time()) for each in expressions()}
            assert [each for each, points in answered.items() if not points] == []
            assert (
                scraper.now("max(max_over_time(autoscaler_tasks_target[5m]))")[0]["value"][1] != "0"
            )
            assert firing(scraper) == []
            assert complaints_of_promtool(port) == ""
            assert unknown_to_the_table(scraper) == set()


WORKER_SCRAPED = "count_over_time(autoscaler_worker_done_total[1m]) > 2"
SERVICE_SCRAPED = "count_over_time(autoscaler_setting_failures_total[1m]) > 2"


def healths(scraper: Prometheus) -> set[str]:
    """Of all targets, while what is scraped still runs."""
    found = scraper.ask("/api/v1/targets", state="active")["activeTargets"]
    return {each["health"] for each in found}


def firing(scraper: Prometheus) -> list[str]:
    """Names of alerts that were firing at any time."""
    return sorted(
        {
            each["metric"]["alertname"]
            for each in scraper.now('max_over_time(ALERTS{alertstate="firing"}[5m])')
        }
    )


def complaints_of_promtool(port: int) -> str:
    promtool = program("promtool", package="prometheus")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        exposition = answer.read()
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=exposition, capture_output=True, check=False
    )
    return (checked.stdout + checked.stderr).decode()


def unknown_to_the_table(scraper: Prometheus) -> set[str]:
    """Names that were scraped and stand in no row."""
    ends = {Kind.HISTOGRAM: ("_sum", "_count", "_bucket"), Kind.SUMMARY: ("_sum", "_count")}
    known = {row.name + end for row in ROWS for end in ends.get(row.kind, ("",))}
    names = scraper.ask("/api/v1/label/__name__/values")
    return {name for name in names if name.startswith("autoscaler_")} - known
