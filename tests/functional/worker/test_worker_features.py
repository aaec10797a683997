"""Workers as real processes: FIFO groups, several queues, commands, bodies in S3, health, hooks."""

import json
import signal
import sys
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from support.worker_process import REGION, Bay, wait_until

from autoscaler.worker.payloads import Pointer

OpenBay = Callable[..., Bay]

STREAM = """
import json, sys
for line in sys.stdin:
    told = json.loads(line)
    open(sys.argv[1], "a").write(told["body"] + "\\n")
    print(json.dumps({"id": told["id"], "status": "done"}), flush=True)
"""
EXEC = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + '\\n')"


@pytest.mark.parametrize(("flag", "program"), [("--exec", EXEC), ("--exec-stream", STREAM)])
def test_a_command_drains_a_queue(
    open_bay: OpenBay, tmp_path: Path, flag: str, program: str
) -> None:
    bay = open_bay()
    bodies = [f"body {number}" for number in range(12)]
    bay.send(bodies)
    path = tmp_path / "program.py"
    path.write_text(program)
    command = f"{sys.executable} -S {path} {tmp_path / 'handled'}"
    worker = bay.run(flag, command, "--slots", "3")
    assert worker.ends() == 0
    assert sorted(bay.handled()) == sorted(bodies)
    assert bay.counts() == (0, 0)


def test_a_command_that_wants_to_hear_of_a_stop_ends_early_and_its_message_goes_back(
    open_bay: OpenBay, tmp_path: Path
) -> None:
    bay = open_bay(visibility=600)
    bay.send(["long"])
    begun = tmp_path / "begun"
    told = ("--exec-stop", "TERM", "--grace", "60s")
    worker = bay.run("--exec", f"sh -c 'touch {begun}; sleep 600'", *told)
    wait_until(begun.exists, "the command", worker.log)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.ends() == 0
    assert bay.counts() == (1, 0)
    assert worker.left()["given_back"] == 1


def test_a_fifo_queue_keeps_its_order_with_many_slots_and_a_failure(open_bay: OpenBay) -> None:
    bay = open_bay(fifo=True)
    bay.send(["1", "bad-2", "3", "4"], group="a")
    bay.send(["5", "6", "7"], group="b")
    worker = bay.start(
        "group_and_body", "--slots", "10", "--retry-cap", "0", "--minimum-stay", "4s"
    )
    assert worker.ends() == 0
    lines = [line.split() for line in bay.handled()]
    of_a = [f"{step} {body}" for step, group, body in lines if group == "a"]
    assert of_a == [
        *("start 1", "end 1", "start bad-2", "fail bad-2"),
        *("start bad-2", "end bad-2", "start 3", "end 3", "start 4", "end 4"),
    ]
    of_b = [body for step, group, body in lines if group == "b" and step == "end"]
    assert of_b == ["5", "6", "7"]
    assert bay.counts() == (0, 0)


def test_one_worker_drains_several_queues_with_a_handler_each(open_bay: OpenBay) -> None:
    articles, images = open_bay(), open_bay()
    articles.send(["0-a", "0-b", "0-c"])
    images.send(["x", "y"])
    worker = articles.run(
        *("--queue", f"{articles.url},{images.url}", "--slots", "2"),
        *("--handler", "support.worker_handlers:by_body"),
        *("--handler", f"{images.name}=support.worker_handlers:quick"),
    )
    assert worker.ends() == 0
    assert sorted(articles.handled()) == ["0-a", "0-b", "0-c", "x", "y"]
    assert articles.counts() == images.counts() == (0, 0)


class TestBodiesInS3:
    @pytest.fixture
    def bucket(self) -> str:
        return f"bodies-{uuid.uuid4().hex}"

    @pytest.fixture
    def s3(self, endpoint: str, bucket: str) -> Any:
        client = boto3.client(
            "s3", region_name=REGION, endpoint_url=endpoint,
            aws_access_key_id="testing", aws_secret_access_key="testing",
        )  # fmt: skip
        client.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        return client

    @pytest.mark.parametrize("form", ["extended client", "ours"])
    def test_they_are_handled_like_any_other_and_deleted_after(
        self, open_bay: OpenBay, s3: Any, bucket: str, form: str
    ) -> None:
        bay = open_bay()
        s3.put_object(Bucket=bucket, Key="large", Body="the large body")
        place = {"s3BucketName": bucket, "s3Key": "large"}
        theirs = json.dumps(["software.amazon.payloadoffloading.PayloadS3Pointer", place])
        bay.send([theirs if form == "extended client" else Pointer(bucket, "large").as_body()])
        worker = bay.start("quick")
        assert worker.ends() == 0
        assert bay.handled() == ["the large body"]
        assert "Contents" not in s3.list_objects_v2(Bucket=bucket)

    def test_one_that_is_gone_is_a_clear_failure_and_goes_to_the_dead_letters(
        self, open_bay: OpenBay, s3: Any, bucket: str
    ) -> None:
        bay = open_bay(max_receives=2)
        bay.send([Pointer(bucket, "gone").as_body()])
        worker = bay.start("quick", "--retry-cap", "0s", "--minimum-stay", "1s")
        assert worker.ends() == 0
        assert f"s3://{bucket}/gone is gone" in worker.events("failed")[0]["error"]
        assert bay.counts(bay.dead_url) == (1, 0)
        assert bay.handled() == []


def test_a_service_tells_its_health_and_ends_only_when_it_is_asked(open_bay: OpenBay) -> None:
    bay = open_bay()
    worker = bay.start("quick", "--forever", "--health-port", "0")
    worker.wait_for("healthy_at")
    address = f"http://127.0.0.1:{worker.events('healthy_at')[0]['port']}/healthz"
    bay.send(["late"])
    wait_until(lambda: bay.handled() == ["late"], "the message", worker.log)
    with urllib.request.urlopen(address, timeout=5) as answer:
        told = json.load(answer)
    assert (told["status"], told["done"]) == ("ok", 1)
    worker.process.send_signal(signal.SIGTERM)
    assert worker.ends() == 0


def test_a_dependency_that_is_down_ends_it_with_status_69_and_loses_nothing(
    open_bay: OpenBay,
) -> None:
    bay = open_bay(visibility=600)
    bay.send(["a", "b", "c"])
    worker = bay.start("unavailable", "--retry-cap", "0s")
    assert worker.ends() == 69
    assert "the database does not answer" in worker.log.read_text().splitlines()[-1]
    assert bay.counts() == (3, 0)


def test_hooks_are_told_and_one_that_fails_is_only_reported(open_bay: OpenBay) -> None:
    bay = open_bay()
    bay.send(["a"])
    hook = ("--hook", "support.worker_handlers:Recorder")
    worker = bay.start("silent", *hook, "--slots", "2")
    assert worker.ends() == 0
    assert bay.handled() == ["received a", "done a", "close 2"]
    assert worker.events("hook_failed")[0]["step"] == "started"
