"""One session, one client a service and region, everything else as for any AWS tool."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import NoRegionError, ProfileNotFound
from support.wire import Refusal, Wire

from autoscaler import __version__
from autoscaler.aws.clients import PARALLEL, Clients
from autoscaler.core.errors import ConfigurationError


def test_time_outs_are_a_fraction_of_a_period() -> None:
    config = Clients().ecs(None).meta.config
    assert (config.connect_timeout, config.read_timeout) == (3, 10)


def test_there_are_as_many_connections_as_calls_at_a_time() -> None:
    assert Clients().ecs(None).meta.config.max_pool_connections == PARALLEL


def test_a_failing_call_is_tried_three_times_in_all(wire: Wire) -> None:
    wire.on("ListTasks", Refusal("ServerException", status=500))
    with pytest.raises(wire.clients.ecs(None).exceptions.ServerException):
        wire.clients.ecs(None).list_tasks()
    assert len(wire.asked) == 3


def test_the_environment_may_set_the_number_of_attempts(
    monkeypatch: pytest.MonkeyPatch, wire: Wire
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    wire.on("ListTasks", Refusal("ServerException", status=500))
    with pytest.raises(wire.clients.ecs(None).exceptions.ServerException):
        wire.clients.ecs(None).list_tasks()
    assert len(wire.asked) == 2


def test_requests_say_which_program_sends_them(wire: Wire) -> None:
    wire.on("ListTasks", {"taskArns": []})
    wire.clients.ecs(None).list_tasks()
    assert wire.headers[0]["User-Agent"].endswith(f"queue-autoscaler/{__version__}")


def test_a_client_is_made_once_for_its_service_and_region() -> None:
    clients = Clients()
    assert clients.ecs("eu-west-2") is clients.ecs(None)
    assert clients.ecs("eu-west-1") is not clients.ecs("eu-west-2")
    assert clients.sqs(None) is not clients.cloudwatch(None)


def test_threads_that_ask_together_get_the_same_client() -> None:
    clients = Clients()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: clients.sqs("eu-west-1"), range(16)))
    assert len(set(map(id, made))) == 1


def test_the_region_is_the_given_one_then_aws_region_then_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    assert Clients().region("eu-north-1") == "eu-north-1"
    assert Clients().region(None) == "eu-west-2"
    monkeypatch.delenv("AWS_REGION")
    assert Clients().region(None) == "us-west-2"


def test_the_endpoint_is_the_environments(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    wire.on("ListTasks", {"taskArns": []})
    wire.clients.ecs(None).list_tasks()
    assert wire.urls == ["http://127.0.0.1:9/"]


def test_an_endpoint_that_is_no_address_is_the_users_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")
    with pytest.raises(ConfigurationError, match="nonsense; write AWS_ENDPOINT_URL like https:"):
        Clients().ecs(None)


def test_a_missing_region_shows_when_a_client_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(NoRegionError):
        Clients().ecs(None)


def test_a_missing_profile_shows_when_a_client_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    clients = Clients()
    assert clients.region(None) is None
    with pytest.raises(ProfileNotFound):
        clients.ecs(None)


def test_the_room_needs_neither_boto3_nor_pydantic() -> None:
    """A Lambda function pays for every import at each cold start."""
    room = Path(__file__).parents[3] / "autoscaler" / "aws"
    modules = [f"autoscaler.aws.{path.stem}" for path in room.glob("[a-z]*.py")]
    code = (
        f"import importlib, sys; [importlib.import_module(name) for name in {modules}]; "
        "print([name for name in ('boto3', 'pydantic', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(modules) > 10
    assert done.stdout.strip() == "[]"
