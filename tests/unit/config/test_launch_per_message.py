"""Fleets that launch per message, in a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, changed, load_text, told

from autoscaler.config.understood import understood
from autoscaler.core.dispatch_settings import DispatchSettings, Payloads
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import MemoryInFile
from autoscaler.runtime.pausing import pause
from autoscaler.runtime.stores import InProcessStore
from autoscaler.simulation.one_queue import queue_of
from autoscaler.validated import dumps, loads

POLICIES = """\
    policies:
      - type: depth
        messages_per_task: 10
"""
WITHOUT = changed(POLICIES, "")
PER_MESSAGE = WITHOUT.replace(
    "    cluster: pipeline\n", "    cluster: pipeline\n    launch: per_message\n"
)
DISPATCH = """\
    dispatch:
      group_by: attribute:tenant
      ack: on_done
      window: 10s
      payloads: {bucket: big-ones}
"""


def test_no_policies_are_needed_and_no_tick_sees_the_fleet(tmp_path: Path) -> None:
    settings = load_text(tmp_path, PER_MESSAGE)

    assert settings.rulebook().fleets == ()
    assert [*settings.dispatched()] == ["thumbnails"]
    assert "each message with a task" in understood(settings)["queues"]["thumbnails"]


def test_how_messages_become_tasks_may_be_chosen(tmp_path: Path) -> None:
    settings = load_text(tmp_path, PER_MESSAGE + DISPATCH)

    assert settings.queues["thumbnails"].dispatch == DispatchSettings(
        "attribute:tenant", "on_done", window=10.0, payloads=Payloads("big-ones")
    )
    assert loads(dumps(settings)) == settings


def test_policies_of_such_a_queue_are_told_to_be_useless(tmp_path: Path) -> None:
    (line,) = told(tmp_path, PER_MESSAGE + POLICIES)

    assert "nobody asks policies" in line


def test_a_fleet_by_policy_needs_them(tmp_path: Path) -> None:
    assert "this key is required, and missing" in told(tmp_path, WITHOUT)[0]


def test_dispatch_is_refused_where_the_fleet_launches_by_policy(tmp_path: Path) -> None:
    (line,) = told(tmp_path, VALID + "    dispatch: {}\n")

    assert "write launch: per_message there" in line


def test_such_a_fleet_serves_one_queue(tmp_path: Path) -> None:
    (line,) = told(tmp_path, PER_MESSAGE + "  more:\n    queue: more\n    fleet: thumbnailers\n")

    assert "queues.more.fleet" in line
    assert "serves one queue" in line


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        ("group_by: tenant", "message, message_group, all or attribute:NAME"),
        ("ack: later", "on_launch or on_done"),
        ("batch: 11", "at most 10"),
        ("window: 6m", "at most 300"),
        ("payloads: {bucket: Big}", "a bucket's name"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_allowed(
    tmp_path: Path, wrong: str, allowed: str
) -> None:
    (line,) = told(tmp_path, PER_MESSAGE + f"    dispatch: {{{wrong}}}\n")

    assert allowed in line


def test_there_is_nothing_to_replay_and_nothing_to_pause(tmp_path: Path) -> None:
    settings = load_text(tmp_path, PER_MESSAGE + f"store: {{type: file, path: {tmp_path}}}\n")
    assert isinstance(settings.store, MemoryInFile)

    with pytest.raises(ConfigurationError, match="no policies to replay"):
        queue_of(settings, None)
    with pytest.raises(ConfigurationError, match="which no tick does"):
        pause(settings, InProcessStore(), "thumbnails", None)
