"""`autoscaler run` that tells a webhook, and the page that describes it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.hooks import Hook, listening
from support.processes import wait_for
from support.services import Service, running
from support.sites import Site

from autoscaler.cli import main
from autoscaler.config import load
from autoscaler.core.notify_settings import Slack, SnsTopic, Webhook
from autoscaler.runtime.notices.conditions import Kind

PAGE = (Path(__file__).parents[3] / "docs" / "notifications.md").read_text(encoding="utf-8")
SENT = 'autoscaler_notifications_total{outcome="sent",place="pager"}'


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


POOR, RICH = 0.01, 100.0
"""Dollars a day: a task of sixteen cores costs more than the one in the minute AWS charges for."""


def paid_from(dollars: float, site: Site, hook: Hook) -> str:
    """A configuration with so much money a day, and a webhook that is told."""
    jobs = site.config["queues"]["jobs"]
    budget = {"type": "budget", "dollars": dollars, "per": "day"}
    jobs = {**jobs, "policies": [*jobs["policies"], budget]}
    return site.write(
        queues={"jobs": jobs}, notify={"to": {"pager": {"type": "webhook", "url": hook.url}}}
    )


def with_large_tasks(site: Site) -> Site:
    """One message waits, for a task of sixteen cores."""
    site.ecs.register_task_definition(
        family=site.cluster,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="16384",
        memory="32768",
        containerDefinitions=[{"name": "worker", "image": "none", "command": ["sleep", "60"]}],
    )
    site.send(1)
    return site


def told(hook: Hook) -> list[tuple[str, str]]:
    forms = [json.loads(body) for _, body in hook.got]
    return [(one["event"], one["kind"]) for one in forms]


def ticks(service: Service, more: int) -> None:
    before = len(service.events("decided"))
    wait_for(lambda: len(service.events("decided")) >= before + more, "ticks")


def test_a_budget_that_binds_is_told_once_across_ticks_and_a_restart_and_so_is_its_end(
    site: Site,
) -> None:
    with listening() as hook:
        config = paid_from(POOR, with_large_tasks(site), hook)
        with running(site, config) as service:
            wait_for(lambda: told(hook), "a notice")
            ticks(service, 2)
            wait_for(lambda: f"{SENT} 1.0" in service.get("/metrics"), "the count")
            service.process.terminate()
            assert service.process.wait(30) == 0
        assert site.tasks() == []

        with running(site, config) as service:
            ticks(service, 2)
            assert told(hook) == [("problem", "budget_binding")]
            paid_from(RICH, site, hook)
            wait_for(lambda: len(hook.got) > 1, "the end")
        assert told(hook) == [("problem", "budget_binding"), ("resolved", "budget_binding")]


def test_a_webhook_that_fails_or_dawdles_costs_no_tick(site: Site) -> None:
    with listening() as hook:
        hook.gate.clear()
        with running(site, paid_from(POOR, with_large_tasks(site), hook)) as service:
            wait_for(lambda: hook.got, "a notice under way")
            ticks(service, 2)
            hook.status = 500
            hook.gate.set()
            wait_for(lambda: service.events("notice_failed"), "a failure")
            hook.status = 200
            wait_for(lambda: f"{SENT} 1.0" in service.get("/metrics"), "the next try")
            failed = service.events("notice_failed")
        assert "secret" not in json.dumps(failed)


def test_a_variable_that_is_not_set_is_told_at_the_start(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    config = site.write(notify={"to": {"chat": {"type": "slack", "url_variable": "NO_SUCH_URL"}}})

    assert main(["run", "-c", config, "--port", "0"]) == 2

    told = "notify.to.chat: the environment variable NO_SUCH_URL is not set"
    assert told in capsys.readouterr().err


def test_the_pages_configuration_is_read_as_it_stands(site: Site) -> None:
    notify: dict[str, Any] = yaml.safe_load(block("yaml"))
    settings = load([Path(site.write(**notify))], {})
    assert settings.notify.held_for == 600.0
    kinds = {name: type(one) for name, one in settings.notify.to.items()}
    assert kinds == {"on-call": SnsTopic, "chat": Slack, "pager": Webhook}


def test_the_pages_check_of_a_signature_takes_what_is_genuine_and_nothing_else() -> None:
    names: dict[str, Any] = {}
    exec(block("python"), names)  # noqa: S102 - the page's own example
    mark = hmac.new(b"shared", b'1000.{"a":1}', hashlib.sha256).hexdigest()
    header, body = f"t=1000,v1={mark}", b'{"a":1}'
    assert names["genuine"](header, body, b"shared", 1010.0)
    assert not names["genuine"](header, body + b" ", b"shared", 1010.0)
    assert not names["genuine"](header, body, b"other", 1010.0)
    assert not names["genuine"](header, body, b"shared", 9999.0)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_on_the_page(kind: Kind) -> None:
    assert f"| `{kind}` |" in PAGE
