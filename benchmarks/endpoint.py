"""A stand-in for AWS that answers at once, or rather after a set latency, and counts.

It speaks as much of SQS, CloudWatch, ECS and DynamoDB as one tick needs, so that what is measured
is the controller and not a mock. Run as a program it prints its address and serves until its
standard input closes. ``POST /_bench`` takes ``{"busy": [first, last + 1]}``: the queues that hold
messages from then on; it answers with the calls since the last time, and forgets them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

Body = dict[str, Any]
Answer = Mapping[str, Any]

VISIBLE = 5
PAGE = 100  # tasks of a page [ECS ListTasks]


class Aws:
    """What there is: queues without number, one cluster, one table."""

    def __init__(self) -> None:
        self.busy = (0, 0)
        self.tasks: dict[str, Body] = {}
        self.items: dict[str, Body] = {}
        self.calls: list[tuple[str, float, float]] = []
        self._operations: dict[str, Callable[[Body], Answer]] = {
            "GetQueueUrl": lambda body: {"QueueUrl": f"http://sqs/1/{body['QueueName']}"},
            "GetQueueAttributes": self._attributes,
            "GetMetricData": _metrics,
            "ListTasks": self._list,
            "DescribeTasks": self._describe,
            "RunTask": self._run,
            "BatchGetItem": self._load,
            "UpdateItem": self._save,
        }

    def answer(self, operation: str, body: Body) -> Answer:
        """What AWS would answer."""
        if operation == "_bench":
            told, self.calls = {"calls": self.calls}, []
            self.busy = tuple(body["busy"])
            return told
        return self._operations[operation](body)

    def _attributes(self, body: Body) -> Answer:
        name = body["QueueUrl"].rsplit("/", 1)[-1]
        kind, _, number = name.partition("-")
        waiting = kind == "queue" and self.busy[0] <= int(number) < self.busy[1]
        counts = {
            "ApproximateNumberOfMessages": str(VISIBLE if waiting else 0),
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
        }
        arn = f"arn:aws:sqs:eu-west-2:1:dead-{number}"
        policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})}
        return {"Attributes": {**counts, **(policy if kind == "queue" else {})}}

    def _list(self, body: Body) -> Answer:
        start = int(body.get("nextToken") or 0)
        arns = list(self.tasks)[start : start + PAGE]
        more = {"nextToken": str(start + PAGE)} if start + PAGE < len(self.tasks) else {}
        return {"taskArns": arns, **more}

    def _describe(self, body: Body) -> Answer:
        return {"tasks": [self.tasks[arn] for arn in body["tasks"]], "failures": []}

    def _run(self, body: Body) -> Answer:
        started = []
        for _ in range(body["count"]):
            arn = f"arn:aws:ecs:eu-west-2:1:task/bench/{len(self.tasks):032x}"
            self.tasks[arn] = {
                "taskArn": arn,
                "group": body.get("group"),
                "startedBy": body.get("startedBy"),
                "overrides": body.get("overrides", {}),
                "capacityProviderName": "FARGATE",
                "lastStatus": "RUNNING",
                "desiredStatus": "RUNNING",
                "createdAt": time.time(),
                "startedAt": time.time(),
            }
            started.append(self.tasks[arn])
        return {"tasks": started, "failures": []}

    def _load(self, body: Body) -> Answer:
        ((table, asked),) = body["RequestItems"].items()
        keys = [key["pk"]["S"] for key in asked["Keys"]]
        found = [self.items[key] for key in keys if key in self.items]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}

    def _save(self, body: Body) -> Answer:
        values = body["ExpressionAttributeValues"]
        self.items[body["Key"]["pk"]["S"]] = {
            **body["Key"],
            "version": values[":new"],
            "memory": values[":memory"],
            "saved_by": values[":nonce"],
        }
        return {"ConsumedCapacity": {"TableName": body["TableName"], "CapacityUnits": 1.0}}


def _metrics(body: Body) -> Answer:
    end = int(body["EndTime"]) // 60 * 60
    points = {
        "StatusCode": "Complete",
        "Timestamps": [end - 120, end - 60],
        "Values": [VISIBLE, VISIBLE],
    }
    return {"MetricDataResults": [{"Id": one["Id"], **points} for one in body["MetricDataQueries"]]}


class Connection(asyncio.Protocol):
    """One kept-alive connection; a client sends its next request after the answer."""

    def __init__(self, aws: Aws, latency: float) -> None:
        self._aws, self._latency = aws, latency
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer a request once all of it is here."""
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        headers = _headers(head)
        if len(body) >= int(headers.get(b"content-length", b"0")):
            self._read = b""
            self._take(headers[b"x-amz-target"].rpartition(b".")[2].decode(), json.loads(body))

    def _take(self, operation: str, body: Body) -> None:
        came = time.monotonic()
        answer = json.dumps(self._aws.answer(operation, body)).encode()
        head = f"HTTP/1.1 200 OK\r\nx-amzn-requestid: 1\r\nContent-Length: {len(answer)}\r\n\r\n"
        loop = asyncio.get_running_loop()
        loop.call_later(self._latency, self._give, operation, came, head.encode() + answer)

    def _give(self, operation: str, came: float, answer: bytes) -> None:
        if operation != "_bench":
            self._aws.calls.append((operation, came, time.monotonic()))
        self._transport.write(answer)


def _headers(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}


async def serve(latency: float) -> None:
    """Serve until standard input closes."""
    aws = Aws()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(aws, latency), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
