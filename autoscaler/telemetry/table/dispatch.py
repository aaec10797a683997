"""What the Lambda that dispatches logs for CloudWatch, which is all that sees it.

So these stand in no dashboard and no alert of Prometheus. What it launches is counted under the
controller's own names.
"""

from __future__ import annotations

from autoscaler.telemetry.table.controller import LAUNCH_FAILURES, TASKS_LAUNCHED
from autoscaler.telemetry.table.row import Kind, Row

MESSAGES = Row(
    "autoscaler_dispatch_messages_total",
    Kind.COUNTER,
    ("queue", "outcome"),
    "messages",
    "Messages of a batch, by what became of them.",
    "full all the time: max_tasks is too low for what comes, and each receive counts toward the "
    "dead letters. carried now and then is usual: SQS delivers at least once.",
)
GROUPS = Row(
    "autoscaler_dispatch_groups_total",
    Kind.COUNTER,
    ("queue", "outcome"),
    "groups",
    "Groups of messages, by what became of them; a launched one has a task.",
    "refused or unsure rises: the function's log has AWS's words in dispatch_refused and "
    "dispatch_unsure; the messages stay in the queue and are tried again.",
)
PAYLOADS = Row(
    "autoscaler_dispatch_payloads_offloaded_total",
    Kind.COUNTER,
    ("queue",),
    "payloads",
    "Payloads that were too long for a task's environment and were put into S3.",
    "Far above the tasks that fail: look whether tasks delete what they have read, and at the "
    "bucket's lifecycle rule.",
)

ROWS = (MESSAGES, GROUPS, PAYLOADS, TASKS_LAUNCHED, LAUNCH_FAILURES)
