"""Ways to break a queue, each for the check that must see it."""

from __future__ import annotations

import json

from support.doctor.breaking import Ways
from support.doctor.parts import Parts
from support.doctor.plan import Built, Plan
from support.local_aws import REGION, unique

QUEUES = Ways("queue")


def with_work(plan: Plan, work: str) -> None:
    plan.policy["work"] = work


# -------------------------------------------------------------------------------- the queue


@QUEUES.trip("queue-exists")
def _(parts: Parts, plan: Plan) -> None:
    plan.after.append(lambda built: parts.api("sqs").delete_queue(QueueUrl=built.url))


@QUEUES.trip("retention-retries")
def _(parts: Parts, plan: Plan) -> None:
    plan.queue |= {"MessageRetentionPeriod": "86400", "VisibilityTimeout": "30000"}
    with_work(plan, "45m")


@QUEUES.trip("retention-short")
def _(parts: Parts, plan: Plan) -> None:
    plan.queue["MessageRetentionPeriod"] = "3600"


@QUEUES.trip("delivery-delay")
def _(parts: Parts, plan: Plan) -> None:
    plan.queue["DelaySeconds"] = "600"


@QUEUES.trip("queue-encrypted")
def _(parts: Parts, plan: Plan) -> None:
    plan.queue["SqsManagedSseEnabled"] = "false"


@QUEUES.trip("queue-key")
def _(parts: Parts, plan: Plan) -> None:
    key = parts.api("kms").create_key()["KeyMetadata"]["KeyId"]
    parts.api("kms").disable_key(KeyId=key)
    plan.queue["KmsMasterKeyId"] = key


@QUEUES.trip("queue-public")
def _(parts: Parts, plan: Plan) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})

    def open_to_all(built: Built) -> None:
        parts.api("sqs").set_queue_attributes(QueueUrl=built.url, Attributes={"Policy": policy})

    plan.after.append(open_to_all)


# ------------------------------------------------------------------------------- visibility


@QUEUES.trip("visibility-shorter-than-work")
def _(parts: Parts, plan: Plan) -> None:
    with_work(plan, "3m")


@QUEUES.trip("visibility-tight")
def _(parts: Parts, plan: Plan) -> None:
    with_work(plan, "30s")


@QUEUES.trip("visibility-long")
def _(parts: Parts, plan: Plan) -> None:
    plan.queue["VisibilityTimeout"] = "7200"


@QUEUES.trip("visibility-lambda")
def _(parts: Parts, plan: Plan) -> None:
    plan.receives = 5
    plan.after.append(lambda built: parts.lambda_on(built, timeout=60, on=False))


# ----------------------------------------------------------------------------- dead letters


@QUEUES.trip("dead-letter-queue")
def _(parts: Parts, plan: Plan) -> None:
    plan.receives = None


@QUEUES.trip("dead-letter-queue-gone")
def _(parts: Parts, plan: Plan) -> None:
    plan.after.append(lambda built: parts.api("sqs").delete_queue(QueueUrl=built.dead_url))


@QUEUES.trip("max-receives-low")
def _(parts: Parts, plan: Plan) -> None:
    plan.receives = 1


@QUEUES.trip("max-receives-high")
def _(parts: Parts, plan: Plan) -> None:
    plan.receives = 100


@QUEUES.trip("dead-letter-retention")
def _(parts: Parts, plan: Plan) -> None:
    plan.dead["MessageRetentionPeriod"] = "345600"


@QUEUES.trip("dead-letters-waiting")
def _(parts: Parts, plan: Plan) -> None:
    def send(built: Built) -> None:
        parts.api("sqs").send_message(QueueUrl=built.dead_url, MessageBody="-")

    plan.after.append(send)


@QUEUES.trip("is-dead-letter-queue")
def _(parts: Parts, plan: Plan) -> None:
    def aim(built: Built) -> None:
        redrive = json.dumps({"deadLetterTargetArn": built.arn, "maxReceiveCount": 3})
        attributes = {"RedrivePolicy": redrive}
        parts.api("sqs").create_queue(QueueName=unique("above"), Attributes=attributes)

    plan.after.append(aim)


# ----------------------------------------------------------------------------------- alarms


@QUEUES.trip("age-alarm")
def _(parts: Parts, plan: Plan) -> None:
    del plan.alarms["age"]


@QUEUES.trip("dead-letter-alarm")
def _(parts: Parts, plan: Plan) -> None:
    del plan.alarms["dead"]


@QUEUES.trip("dead-letter-alarm-deaf")
def _(parts: Parts, plan: Plan) -> None:
    plan.alarms["dead"]["MetricName"] = "NumberOfMessagesSent"


@QUEUES.trip("alarm-without-action")
def _(parts: Parts, plan: Plan) -> None:
    plan.alarms["age"]["AlarmActions"] = []


@QUEUES.trip("alarm-missing-data")
def _(parts: Parts, plan: Plan) -> None:
    plan.alarms["age"]["TreatMissingData"] = "breaching"


# --------------------------------------------------------------- promises, and who else works on it


@QUEUES.trip("promise-out-of-reach")
def _(parts: Parts, plan: Plan) -> None:
    plan.policy["acceptable_wait"] = "2m10s"


@QUEUES.trip("mode-cut-short")
def _(parts: Parts, plan: Plan) -> None:
    """Mappings of this account take an hour to be made."""

    def halfway(built: Built) -> None:
        parts.lambda_on(built, timeout=10, on=True)
        modes = {"service": "away", "direct": {"desired": 1}, "function": built.name}
        plan.queue_settings["modes"] = modes
        plan.memory["paused"] = {built.name: None}

    plan.receives, plan.own = 5, frozenset({"queue", "fleet"})
    plan.after.append(halfway)


# --------------------------------------------------------------------------------- dispatch


def dispatched(plan: Plan, **dispatch: object) -> None:
    """Make it a queue whose messages each get a task."""
    plan.own = frozenset({"queue", "fleet"})
    plan.fleet["launch"] = "per_message"
    plan.queue_settings |= {"policies": None, "dispatch": dispatch}


def forgetting(parts: Parts, days: int | None) -> str:
    """A bucket that deletes what is in it after so many days."""
    bucket, s3 = unique("payloads"), parts.api("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    if days:
        rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}
        )
    return bucket


@QUEUES.trip("payload-bucket")
def _(parts: Parts, plan: Plan) -> None:
    dispatched(plan, payloads={"bucket": unique("nowhere")})


@QUEUES.trip("payload-lifecycle")
def _(parts: Parts, plan: Plan) -> None:
    dispatched(plan, payloads={"bucket": forgetting(parts, 1)})


@QUEUES.trip("mapping-reports-failures")
def _(parts: Parts, plan: Plan) -> None:
    dispatched(plan, payloads={"bucket": forgetting(parts, 14)})
    plan.receives = 5
    plan.after.append(lambda built: parts.lambda_on(built, timeout=10, on=True))


@QUEUES.trip("dispatch-visibility")
def _(parts: Parts, plan: Plan) -> None:
    dispatched(plan, ack="on_done")


@QUEUES.trip("lambda-consumer")
def _(parts: Parts, plan: Plan) -> None:
    plan.receives = 5
    plan.after.append(lambda built: parts.lambda_on(built, timeout=10, on=True))
