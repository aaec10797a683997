"""The status page of a running controller on the local AWS: its numbers are those that are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from support.browsing import Opened, chromium, opened
from support.processes import wait_for
from support.sites import Site

from autoscaler.demo.supervisor import started_port
from autoscaler.local import LocalAws, LocalSettings, TaskDelays

PROMISE = "5s"
COUNTS = {
    "visible": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}
Figures = dict[str, int]


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    early = LocalSettings(delays=TaskDelays.start_up(0.3), metrics_period=0.5, metrics_early=60.0)
    with LocalAws.start(early) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@dataclass
class Running:
    """A controller, its queue and the address of its page."""

    site: Site
    url: str

    def of_metrics(self) -> Figures:
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        found: Counter[str] = Counter()
        for state, value in re.findall(r'queue_messages{.*state="(\w+)"} (\S+)', text):
            found[state] = int(float(value))
        for state, value in re.findall(r'autoscaler_tasks{.*state="(\w+)"} (\S+)', text):
            found[state] += int(float(value))
        (target,) = re.findall(r"autoscaler_tasks_target{.*} (\S+)", text) or ["-1"]
        live = found["running"] + found["starting"] + found["unseen"]
        counts = {name: found[name] for name in COUNTS}
        return {**counts, "live": live, "running": found["running"], "target": int(float(target))}

    def of_aws(self) -> Figures:
        told = self.site.sqs.get_queue_attributes(QueueUrl=self.site.url, AttributeNames=["All"])
        arns = self.site.tasks()
        tasks = (
            self.site.ecs.describe_tasks(cluster=self.site.cluster, tasks=arns)["tasks"]
            if arns
            else []
        )
        running = sum(task["lastStatus"] == "RUNNING" for task in tasks)
        counts = {name: int(told["Attributes"][key]) for name, key in COUNTS.items()}
        return {**counts, "live": len(tasks), "running": running}


def of_page(seen: Opened) -> dict[str, str]:
    """What the queue's own page shows: the figures and what stands beside them."""
    told: dict[str, str] = seen.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#figures > div')].map((one) => [
          one.querySelector('dt').textContent,
          [...one.querySelector('dd').children].map((part) => part.textContent).join('|')]))"""
    )
    return told


def as_told(figures: Figures) -> dict[str, str]:
    """How these are to be shown."""
    return {
        "Waiting": f"{figures['visible']}|{figures['delayed']} delayed",
        "In hand": str(figures["in_flight"]),
        "Tasks": f"{figures['live']}|{figures['running'] or 'none'}",
        "Target": f"{figures['target']}|at most 10",
    }


def agree(shown: dict[str, str], wanted: dict[str, str]) -> bool:
    return all(shown.get(name, "").startswith(text) for name, text in wanted.items())


@pytest.fixture
def running(aws: LocalAws, tmp_path: Path) -> Iterator[Running]:
    site = Site.at(aws.endpoint_url, tmp_path)
    site.config["queues"]["jobs"]["policies"] = [
        {"type": "backlog", "acceptable_wait": PROMISE, "work": "2s"}
    ]
    log = tmp_path / "service.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "autoscaler", "run", "-c", site.write(), "--port", "0"],
            stderr=file,
            env={**os.environ, **aws.environment},
        )
    try:
        port = wait_for(lambda: started_port(log), "the service")
        yield Running(site, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def settled(running: Running, seen: Opened, wanted: Figures) -> None:
    """Until the page, the metrics and the local AWS all show this, and the same."""

    def all_agree() -> bool:
        metrics, aws = running.of_metrics(), running.of_aws()
        there = metrics.items() >= wanted.items() and metrics.items() >= aws.items()
        return there and agree(of_page(seen), as_told(metrics))

    try:
        wait_for(all_agree, f"{wanted} everywhere")
    except AssertionError as error:
        told = f"{running.of_metrics()} {running.of_aws()} {of_page(seen)}"
        raise AssertionError(f"{error}: {told}") from error


def test_numbers_on_the_page_are_those_of_the_metrics_and_the_aws_at_three_moments(
    running: Running, browser: Browser
) -> None:
    with opened(browser, running.url, path="/#/queues/jobs") as seen:
        settled(running, seen, {"visible": 0, "in_flight": 0, "live": 0, "target": 0})

        running.site.send(9)
        settled(running, seen, {"visible": 9, "in_flight": 0, "live": 4, "running": 4})

        take(running, 3)
        settled(running, seen, {"visible": 6, "in_flight": 3, "running": 4})
        assert (seen.complaints, seen.elsewhere) == ([], [])


def take(running: Running, count: int) -> None:
    """Receive so many messages and leave them in hand."""
    while count:
        count -= len(
            running.site.sqs.receive_message(
                QueueUrl=running.site.url, MaxNumberOfMessages=count, VisibilityTimeout=600
            ).get("Messages", ())
        )


def test_a_broken_promise_turns_wrong_while_one_looks_and_right_again(
    running: Running, browser: Browser
) -> None:
    with opened(browser, running.url) as seen:
        row = "[data-queue=jobs]"
        seen.wait(f"document.querySelector('{row}')?.dataset.level === 'well'")
        before = seen.style(f"{row} td:nth-child(3) .number", "color")
        assert seen.text("#answer") == "All is well with the queue."

        running.site.send(1)
        seen.wait(f"document.querySelector('{row}').dataset.level === 'bad'")
        assert seen.text("#answer") == "jobs needs you."
        assert seen.style(f"{row} td:nth-child(3) .number", "color") != before
        assert "promised are 5 s" in seen.text(f"{row} .why.bad")

        running.site.sqs.purge_queue(QueueUrl=running.site.url)
        seen.wait(f"document.querySelector('{row}').dataset.level === 'well'")
        assert seen.text("#answer") == "All is well with the queue."
