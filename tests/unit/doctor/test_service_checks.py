"""What the doctor makes of a service's worker, as its command and variables tell."""

from __future__ import annotations

from typing import Any

import pytest
from support.doctor.unseen import definition, found, service_facts

from autoscaler.operations.doctor.checks.services import exists, unprotected, worker_leaves

OURS = ["autoscaler", "worker", "--queue", "jobs"]


def told(check: Any, command: list[str], protected: bool = True, **variables: str) -> bool:
    environment = [{"name": name, "value": value} for name, value in variables.items()]
    container = {"command": command, "environment": environment}
    return bool(found(check, service_facts(protected, definition=definition(**container))))


@pytest.mark.parametrize(
    ("command", "variables", "leaves"),
    [
        (["python", "poll.py"], {}, False),
        (OURS, {}, True),
        ([*OURS, "--forever"], {}, False),
        ([*OURS, "--forever", "--slots", "2"], {}, False),
        ([*OURS, "--forever=no"], {}, True),
        ([*OURS, "--forever", "no"], {}, True),
        (OURS, {"AUTOSCALER_WORKER_FOREVER": "yes"}, False),
        (OURS, {"AUTOSCALER_WORKER_FOREVER": "false"}, True),
        (OURS, {"OTHER": "yes", "AUTOSCALER_WORKER_FOREVER": ""}, True),
        (["python", "-m", "autoscaler.worker"], {}, True),
    ],
)
def test_a_worker_that_leaves_is_no_service_s(
    command: list[str], variables: dict[str, str], leaves: bool
) -> None:
    assert told(worker_leaves, command, **variables) == leaves


@pytest.mark.parametrize(
    ("command", "protected", "wrong"),
    [
        ([*OURS, "--forever"], True, False),
        ([*OURS, "--forever", "--protect", "no"], True, True),
        ([*OURS, "--forever", "--protect", "no"], False, False),
        (["python", "poll.py"], True, False),
    ],
)
def test_protection_that_is_counted_on_is_asked_for(
    command: list[str], protected: bool, wrong: bool
) -> None:
    assert told(unprotected, command, protected) == wrong


def test_a_service_that_goes_away_is_told() -> None:
    [sentence] = found(exists, service_facts(service={"status": "DRAINING"}))
    assert sentence == "the service encoders is DRAINING"
    assert found(exists, service_facts(service={"status": "ACTIVE"})) == []
