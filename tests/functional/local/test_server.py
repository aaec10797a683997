"""Starting the local AWS: from the command line and from Python, well and badly."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from support.local_aws import Ecs, client, until

from autoscaler.local import LocalAws, LocalAwsError, LocalSettings


def serve(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "autoscaler.local", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_endpoint_is_printed_and_written_once_it_answers(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with serve("--ready-file", str(ready), "--start-up", "3s") as server:
        until(ready.exists, within=60)
        url = ready.read_text().strip()
        assert client(url, "sqs").list_queues()["ResponseMetadata"]["HTTPStatusCode"] == 200
        server.terminate()
        assert server.communicate()[0].strip() == url
    assert server.returncode == 0


def test_it_listens_on_loopback_only(aws: LocalAws) -> None:
    port = int(aws.endpoint_url.rpartition(":")[2])
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with serve("--port", str(taken.getsockname()[1])) as server:
            _, errors = server.communicate(timeout=60)
    assert server.returncode == 2
    assert "choose another" in errors
    assert "Traceback" not in errors


def test_a_wrong_duration_is_wrong_usage() -> None:
    with serve("--start-up", "soon") as server:
        _, errors = server.communicate(timeout=60)
    assert server.returncode == 2
    assert "--start-up" in errors
    assert "Traceback" not in errors


def test_a_server_that_does_not_start_is_told_with_the_end_of_its_log() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(LocalAwsError, match=r"did not start; its log says: .*cannot be used"):
            LocalAws.start(LocalSettings(port=taken.getsockname()[1]))


def test_a_data_directory_of_ones_own_is_kept(tmp_path: Path) -> None:
    with LocalAws.start(LocalSettings(data_dir=tmp_path / "data")) as aws:
        assert aws.logs_dir == tmp_path / "data" / "logs"
    assert aws.logs_dir.is_dir()


def test_the_environment_is_enough_for_any_client(aws: LocalAws) -> None:
    script = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=aws.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"\d{12}\n", found.stdout)


def test_the_output_of_a_task_is_in_a_log_of_its_own(aws: LocalAws, ecs: Ecs) -> None:
    arn = ecs.launch("sh", "-c", "echo out; echo err >&2")
    ecs.wait(arn, "STOPPED")
    log = aws.logs_dir / f"{arn.rsplit('/', 1)[1]}.main.log"
    assert log.read_text() == "out\nerr\n"


def test_capacity_and_interruptions_can_be_ordered_from_python(aws: LocalAws, ecs: Ecs) -> None:
    assert aws.set_capacity({"FARGATE_SPOT": 7}) == {"FARGATE_SPOT": 7}
    assert aws.set_capacity({"FARGATE_SPOT": None}) == {}
    arn = ecs.launch("sleep", "60")
    ecs.wait(arn, "RUNNING")
    assert aws.interrupt(count=0) == []
    assert aws.interrupt(tasks=[arn]) == [arn]
    assert ecs.wait(arn, "STOPPED")["stopCode"] == "SpotInterruption"


def test_an_order_that_means_nothing_is_refused_with_a_sentence(aws: LocalAws) -> None:
    with pytest.raises(LocalAwsError, match="number of tasks by provider"):
        aws.set_capacity({"FARGATE_SPOT": -1})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("unknown", b"{}", 404),
        ("capacity", b"not json", 400),
        ("capacity", b"[]", 400),
        ("capacity", b'{"FARGATE": "many"}', 400),
        ("interrupt", b"{}", 400),
    ],
)
def test_wrong_orders_get_a_status_and_a_sentence(
    aws: LocalAws, path: str, body: bytes, status: int
) -> None:
    request = urllib.request.Request(f"{aws.endpoint_url}/_local/{path}", body, method="POST")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    with caught.value as answer:
        assert answer.code == status
        assert json.load(answer)["error"]
