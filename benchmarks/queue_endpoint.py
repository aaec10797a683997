"""A stand-in for SQS that answers after a set latency, never runs full, and counts.

Run as a program it prints its address and serves until its standard input closes. ``POST /_bench``
takes ``{"messages": n}``: so many are put into the queue; it answers with what came since the last
time, and forgets it: calls by their names, messages received, messages deleted.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from endpoint import Connection

Body = dict[str, Any]
Answer = Mapping[str, Any]


class Sqs:
    """One queue, whose messages are made when they are asked for."""

    def __init__(self) -> None:
        self.waiting = 0
        self.calls: list[tuple[str, float, float]] = []
        self._told: Counter[str] = Counter()
        self._numbers = itertools.count()
        self._operations: dict[str, Callable[[Body], Answer]] = {
            "GetQueueUrl": lambda body: {"QueueUrl": f"http://sqs/1/{body['QueueName']}"},
            "GetQueueAttributes": lambda _body: {"Attributes": {"VisibilityTimeout": "30"}},
            "ReceiveMessage": self._receive,
            "DeleteMessage": lambda _body: self._delete(1),
            "DeleteMessageBatch": lambda body: self._delete(len(body["Entries"])),
            "ChangeMessageVisibilityBatch": lambda _body: {"Successful": [], "Failed": []},
        }

    def answer(self, operation: str, body: Body) -> Answer:
        """What SQS would answer."""
        if operation == "_bench":
            self.waiting += body["messages"]
            calls = Counter(call[0] for call in self.calls)
            told, self._told, self.calls = self._told, Counter(), []
            return {"calls": calls, **told}
        return self._operations[operation](body)

    def pause(self, operation: str, body: Body) -> float:
        """Seconds a call takes longer: a receive waits for the first message."""
        empty = operation == "ReceiveMessage" and not self.waiting
        return float(body.get("WaitTimeSeconds", 0)) if empty else 0.0

    def _receive(self, body: Body) -> Answer:
        count = min(self.waiting, body.get("MaxNumberOfMessages", 1))
        self.waiting -= count
        self._told["received"] += count
        return {"Messages": [self._message(next(self._numbers)) for _ in range(count)]}

    def _message(self, number: int) -> Answer:
        attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1700000000000"}
        return {
            "MessageId": f"{number:036d}",
            "ReceiptHandle": f"{number:0200d}",
            "Body": json.dumps({"number": number}),
            "Attributes": attributes,
        }

    def _delete(self, count: int) -> Answer:
        self._told["deleted"] += count
        return {"Successful": [], "Failed": []}


class PatientConnection(Connection):
    """Lets a receive from an empty queue wait."""

    def _take(self, operation: str, body: Body) -> None:
        pause = self._aws.pause(operation, body)
        if not pause:
            super()._take(operation, body)
            return
        loop, came = asyncio.get_running_loop(), time.monotonic()
        loop.call_later(pause, self._give, operation, came, _OK + b'{"Messages":[]}')


_OK = b"HTTP/1.1 200 OK\r\nx-amzn-requestid: 1\r\nContent-Length: 15\r\n\r\n"


async def serve(latency: float) -> None:
    """Serve until standard input closes."""
    sqs, loop = Sqs(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: PatientConnection(sqs, latency), "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
