"""`autoscaler dispatch`: messages become real tasks that carry them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.dispatch_stage import Stage
from support.local_aws import until

from autoscaler.aws.clients import Clients
from autoscaler.aws.clock import SystemClock
from autoscaler.cli.dispatch import dispatch
from autoscaler.cli.tick import tick
from autoscaler.core.errors import ConfigurationError
from autoscaler.local import LocalAws
from autoscaler.runtime.dispatch_loop import Loop
from autoscaler.runtime.dispatching import Dispatcher
from autoscaler.runtime.pace import AccountPace

Opening = Callable[..., Stage]
EXAMPLES = Path(__file__).parents[3] / "examples"

BODIES = {
    "100 B": "x" * 100,
    "control characters": 'a\tb\nc\rd"e\\f',
    "non-ASCII": "Größe 10 µm, 漢字, 🦊 " * 100,
    "64 KB": "é" * 32_768,
    "1 MB": "ab漢🦊" * 104_800,
}
"""Up to 1,048,576 bytes, the most that SQS takes; 漢 takes 3 of them and 🦊 4."""


def once(stage: Stage, **limits: Any) -> None:
    assert dispatch([stage.write(**limits)], once=True) == 0


def test_payloads_of_100_bytes_to_a_megabyte_arrive_as_they_were_sent(open_stage: Opening) -> None:
    stage = open_stage()
    kind = {"DataType": "Binary", "BinaryValue": b"\x00\xff"}
    ids = stage.send(*BODIES.values(), kind=kind, name={"DataType": "String", "StringValue": "ü"})

    once(stage)

    assert stage.exit_statuses(len(BODIES)) == [0] * len(BODIES)
    handled = stage.handled()
    for one, (what, body) in zip(ids, BODIES.items(), strict=True):
        assert handled[f"{one}-1"]["body"] == body, what
        assert handled[f"{one}-1"]["attributes"] == {"kind": "00ff", "name": "ü"}
    assert stage.objects() == []
    assert stage.counts() == (0, 0)


def test_what_is_long_lies_in_s3_encrypted_until_its_task_succeeds(open_stage: Opening) -> None:
    stage = open_stage()
    good, bad = stage.send("good" * 2500, "fail" * 2500)

    once(stage)

    assert stage.exit_statuses(2) == [0, 1]
    (key,) = stage.objects()
    assert key.startswith(f"dispatch/{stage.name}/{bad}-")
    kept = stage.s3.get_object(Bucket=stage.name, Key=key)
    assert kept["ServerSideEncryption"] == "AES256"
    assert json.loads(kept["Body"].read())[0]["body"] == "fail" * 2500
    assert f"{good}-1" in stage.handled()
    assert stage.counts() == (0, 0)  # on_launch: accepted is gone, whatever becomes of its task


def test_a_group_shares_a_task_in_the_order_its_messages_came(open_stage: Opening) -> None:
    stage = open_stage(group_by="attribute:tenant")
    for tenant in ("a", "b"):
        stage.send("1", "2", "3", tenant={"DataType": "String", "StringValue": tenant})
    stage.send("alone")

    once(stage)

    assert stage.exit_statuses(3) == [0, 0, 0]
    assert len(stage.handled()) == 7
    assert len(stage.tasks()) == 3


def test_beyond_max_tasks_messages_stay_in_the_queue_and_are_not_received(
    open_stage: Opening,
) -> None:
    stage = open_stage()
    stage.define("sleep", "60")
    stage.send(*(f"wait {n}" for n in range(5)))

    once(stage, max_tasks=2)
    once(stage, max_tasks=2)

    assert len(stage.tasks()) == 2
    assert stage.counts() == (3, 0)
    left = stage.event()["Records"]
    assert {one["attributes"]["ApproximateReceiveCount"] for one in left} == {"1"}


def test_a_refused_group_stays_hidden_while_the_others_go(
    aws: LocalAws, open_stage: Opening
) -> None:
    stage = open_stage()
    aws.set_faults({"faults": [{"do": "short", "first": 1}]})
    ids = stage.send("1", "2", "3")

    once(stage)

    assert stage.exit_statuses(2) == [0, 0]
    assert len(stage.handled()) == 2
    assert stage.counts() == (0, 1)
    assert {name[:-2] for name in stage.handled()} < set(ids)


def test_a_refused_message_gets_its_task_when_it_comes_again(
    aws: LocalAws, open_stage: Opening
) -> None:
    stage = open_stage(visibility=1)
    aws.set_faults({"faults": [{"do": "short", "first": 1}]})
    (only,) = stage.send("1")

    once(stage)
    until(lambda: stage.counts() == (1, 0))
    once(stage)

    assert stage.exit_statuses(1) == [0]
    assert [*stage.handled()] == [f"{only}-2"]


def test_with_on_done_the_task_keeps_the_message_and_deletes_it(open_stage: Opening) -> None:
    stage = open_stage(visibility=2, ack="on_done", group_by="all")
    ids = stage.send("wait 3", "1", "2")  # longer than the visibility: one works, two wait

    once(stage)

    assert stage.counts() == (0, 3)
    assert stage.exit_statuses(1) == [0]
    assert stage.counts() == (0, 0)
    assert {*stage.handled()} == {f"{one}-1" for one in ids}


def test_with_on_done_what_fails_comes_again_and_gets_another_task(open_stage: Opening) -> None:
    stage = open_stage(visibility=2, ack="on_done")
    (only,) = stage.send("fail at first")

    once(stage)
    assert stage.exit_statuses(1) == [0]
    until(lambda: stage.counts() == (1, 0))
    once(stage)

    assert stage.exit_statuses(2) == [0, 0]
    assert {*stage.handled()} == {f"{only}-1", f"{only}-2"}
    assert stage.counts() == (0, 0)


def test_a_message_that_was_not_deleted_starts_no_second_task(
    aws: LocalAws, open_stage: Opening
) -> None:
    stage = open_stage(visibility=1)
    aws.set_faults({"faults": [{"do": "throttle", "calls": "sqs:DeleteMessageBatch", "first": 3}]})
    stage.send("1")

    with pytest.raises(Exception, match="delete from the queue"):
        once(stage)
    until(lambda: stage.counts() == (1, 0))
    once(stage)

    assert stage.exit_statuses(1) == [0]
    assert len(stage.tasks()) == 1
    assert stage.counts() == (0, 0)


def test_a_payload_without_a_bucket_for_it_is_refused_and_told(
    open_stage: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = open_stage(payloads=None)
    stage.send("x" * 8000)

    once(stage)

    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told["event"] == "dispatch_refused"
    assert "name a bucket in the queue's dispatch.payloads" in told["why"]
    assert stage.counts() == (0, 1)
    assert stage.tasks() == []


def test_it_goes_round_until_it_is_told_to_stop_and_outlives_trouble(
    aws: LocalAws, open_stage: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    stage, stop = open_stage(window="1s"), threading.Event()
    aws.set_faults({"faults": [{"do": "fail", "calls": "sqs:ReceiveMessage", "first": 3}]})
    settings = stage.settings()
    with closing(Clients()) as clients:
        dispatcher = Dispatcher(settings, clients, "jobs", AccountPace(settings), SystemClock())
        running = threading.Thread(target=Loop(dispatcher).run, args=(stop,))
        running.start()
        try:
            stage.send("1", "2")
            assert stage.exit_statuses(2) == [0, 0]
        finally:
            stop.set()
            stage.send("ends the long poll that is under way")
            running.join()
    assert '"dispatch_trouble"' in capsys.readouterr().out


def test_no_tick_is_for_a_configuration_that_launches_per_message_only(
    open_stage: Opening,
) -> None:
    stage = open_stage()

    with pytest.raises(ConfigurationError, match="run `autoscaler dispatch`"):
        tick([stage.write()])


def test_dispatch_is_for_no_configuration_without_such_a_fleet() -> None:
    with pytest.raises(ConfigurationError, match="`autoscaler run` serves the others"):
        dispatch([EXAMPLES / "autoscaler.yaml"])


def test_the_example_is_dispatched(open_stage: Opening) -> None:
    """As it stands, but for the names of what this test has made for it."""
    stage = open_stage()
    written = (EXAMPLES / "dispatch.yaml").read_text()
    path = stage.folder / "dispatch.yaml"
    own = {"renderer": stage.name, "cluster: reports": f"cluster: {stage.name}", "10s": "1s"}
    own |= {"queue: reports": f"queue: {stage.name}", "reports-payloads": stage.name}
    for theirs, ours in {
        "fleet: renderers": "fleet: FLEET",
        "  renderers:": "  FLEET:",
        **own,
    }.items():
        assert theirs in written
        written = written.replace(theirs, ours)
    path.write_text(written.replace(f"container: {stage.name}", "container: main"))
    for customer in ("a", "b", "a"):
        stage.send("x" * 4000, customer={"DataType": "String", "StringValue": customer})

    assert dispatch([path], once=True) == 0

    assert stage.exit_statuses(2) == [0, 0]
    assert len(stage.handled()) == 3
    assert stage.counts() == (0, 0)
    assert stage.objects() == []
