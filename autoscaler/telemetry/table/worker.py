"""What a worker serves with ``--health-port``.

It ships alone in other people's images and writes its page itself; a test holds both equal.
"""

from __future__ import annotations

from autoscaler.telemetry.table.row import Kind, Row

_QUEUE = ("queue",)

RECEIVED = Row(
    "autoscaler_worker_received_total",
    Kind.COUNTER,
    _QUEUE,
    "messages",
    "Messages that SQS handed out.",
    "Far above done: messages come back; see failed and given back.",
)
DONE = Row(
    "autoscaler_worker_done_total",
    Kind.COUNTER,
    _QUEUE,
    "messages",
    "Messages whose handler succeeded.",
    "Stands still while messages wait: handlers hang or fail.",
)
FAILED = Row(
    "autoscaler_worker_failed_total",
    Kind.COUNTER,
    _QUEUE,
    "messages",
    "Messages whose handler failed or ran too long.",
    "Rises: the worker's log has the error of each; after maxReceiveCount failures a message is "
    "a dead letter.",
)
GIVEN_BACK = Row(
    "autoscaler_worker_given_back_total",
    Kind.COUNTER,
    _QUEUE,
    "messages",
    "Messages given back for others.",
    "Usual when tasks are stopped or Spot takes them back; otherwise slots are too many for the "
    "handler.",
)
BUSY = Row(
    "autoscaler_worker_busy_slot_seconds_total",
    Kind.COUNTER,
    _QUEUE,
    "slot-seconds",
    "Seconds that slots were busy, summed over slots.",
    "Its rate is how many slots are busy: far below the slots there are, tasks wait and cost.",
)
WAIT = Row(
    "autoscaler_worker_wait_seconds",
    Kind.SUMMARY,
    _QUEUE,
    "seconds",
    "Seconds from a message's sending to its first start.",
    "What a promise is about: its mean near the promise, more tasks are wanted earlier.",
)

ROWS = (RECEIVED, DONE, FAILED, GIVEN_BACK, BUSY, WAIT)
