"""What runs a worker on hosts without ECS: the worker's own parser takes it as it is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from autoscaler.worker.durations import parse_seconds
from autoscaler.worker.settings import Settings, read_settings

DEPLOY = Path(__file__).parents[3] / "deploy"
SETTLING_SECONDS = 5  # between --grace and being killed, as the option's help says


def unit(name: str) -> str:
    """One setting of the systemd unit."""
    text = (DEPLOY / "systemd/queue-worker.service").read_text()
    (found,) = re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)
    return str(found)


def env_file() -> dict[str, str]:
    lines = (DEPLOY / "systemd/queue-worker.env").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def service() -> dict[str, Any]:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    found: dict[str, Any] = composed["services"]["worker"]
    return found


def from_unit() -> tuple[Settings, float]:
    _program, verb, *options = shlex.split(unit("ExecStart"))
    assert verb == "worker"
    return read_settings(options, env_file()), float(unit("TimeoutStopSec"))


def from_compose() -> tuple[Settings, float]:
    program, verb, *options = service()["command"]
    assert (program, verb) == ("autoscaler", "worker")
    environment = {name: substituted(text) for name, text in service()["environment"].items()}
    return read_settings(options, environment), parse_seconds(service()["stop_grace_period"])


def substituted(text: str | None) -> str:
    """What Compose makes of a value when QUEUE, HANDLER and nothing else is set."""
    given = {"QUEUE": "thumbnails", "HANDLER": "app.thumbs:make"}
    found = re.fullmatch(r"\$\{(\w+)(?::-(.*)|:\?.*)?\}", text or "")
    return (given.get(found[1]) or found[2] or "") if found else text or ""


@pytest.mark.parametrize("host", [from_unit, from_compose])
def test_the_worker_takes_its_settings(host: Any) -> None:
    settings, _ = host()
    assert settings.forever
    assert settings.slots == 4
    assert settings.health_port == 3003
    assert [(queue.name, queue.handler) for queue in settings.queues] == [
        ("thumbnails", "app.thumbs:make")
    ]


@pytest.mark.parametrize("host", [from_unit, from_compose])
def test_it_is_killed_no_sooner_than_it_has_settled(host: Any) -> None:
    settings, killed_after = host()
    assert killed_after >= settings.grace_seconds + SETTLING_SECONDS


def test_a_mistake_in_the_settings_is_not_repeated_for_ever() -> None:
    assert unit("RestartPreventExitStatus") == "2"


def test_the_health_check_asks_where_the_worker_answers() -> None:
    settings, _ = from_compose()
    assert f"127.0.0.1:{settings.health_port}/healthz" in service()["healthcheck"]["test"][-1]
    compile(service()["healthcheck"]["test"][-1], "healthcheck", "exec")
