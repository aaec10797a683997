"""How an account is broken, for each check in one small way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from support.doctor_account import Built, Plan, Stage
from support.local_aws import unique, until

Break = Callable[[Stage, Plan], Any]

BROKEN: dict[str, Break] = {}
"""By the check that must see it."""


def breaks(check: str) -> Callable[[Break], Break]:
    def keep(function: Break) -> Break:
        BROKEN[check] = function
        return function

    return keep


def with_work(plan: Plan, work: str) -> None:
    plan.policy["work"] = work


# -------------------------------------------------------------------------------- the queue


@breaks("queue-exists")
def _(stage: Stage, plan: Plan) -> None:
    plan.after.append(lambda built: stage.api("sqs").delete_queue(QueueUrl=built.url))


@breaks("retention-retries")
def _(stage: Stage, plan: Plan) -> None:
    plan.queue |= {"MessageRetentionPeriod": "86400", "VisibilityTimeout": "30000"}
    with_work(plan, "45m")


@breaks("retention-short")
def _(stage: Stage, plan: Plan) -> None:
    plan.queue["MessageRetentionPeriod"] = "3600"


@breaks("delivery-delay")
def _(stage: Stage, plan: Plan) -> None:
    plan.queue["DelaySeconds"] = "600"


@breaks("queue-encrypted")
def _(stage: Stage, plan: Plan) -> None:
    plan.queue["SqsManagedSseEnabled"] = "false"


@breaks("queue-key")
def _(stage: Stage, plan: Plan) -> None:
    key = stage.api("kms").create_key()["KeyMetadata"]["KeyId"]
    stage.api("kms").disable_key(KeyId=key)
    plan.queue["KmsMasterKeyId"] = key


@breaks("queue-public")
def _(stage: Stage, plan: Plan) -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})

    def open_to_all(built: Built) -> None:
        stage.api("sqs").set_queue_attributes(QueueUrl=built.url, Attributes={"Policy": policy})

    plan.after.append(open_to_all)


# ------------------------------------------------------------------------------- visibility


@breaks("visibility-shorter-than-work")
def _(stage: Stage, plan: Plan) -> None:
    with_work(plan, "3m")


@breaks("visibility-tight")
def _(stage: Stage, plan: Plan) -> None:
    with_work(plan, "30s")


@breaks("visibility-long")
def _(stage: Stage, plan: Plan) -> None:
    plan.queue["VisibilityTimeout"] = "7200"


@breaks("visibility-lambda")
def _(stage: Stage, plan: Plan) -> None:
    plan.receives = 5
    plan.after.append(lambda built: stage.lambda_on(built, timeout=60, on=False))


# ----------------------------------------------------------------------------- dead letters


@breaks("dead-letter-queue")
def _(stage: Stage, plan: Plan) -> None:
    plan.receives = None


@breaks("dead-letter-queue-gone")
def _(stage: Stage, plan: Plan) -> None:
    plan.after.append(lambda built: stage.api("sqs").delete_queue(QueueUrl=built.dead_url))


@breaks("max-receives-low")
def _(stage: Stage, plan: Plan) -> None:
    plan.receives = 1


@breaks("max-receives-high")
def _(stage: Stage, plan: Plan) -> None:
    plan.receives = 100


@breaks("dead-letter-retention")
def _(stage: Stage, plan: Plan) -> None:
    plan.dead["MessageRetentionPeriod"] = "345600"


@breaks("dead-letters-waiting")
def _(stage: Stage, plan: Plan) -> None:
    def send(built: Built) -> None:
        stage.api("sqs").send_message(QueueUrl=built.dead_url, MessageBody="-")

    plan.after.append(send)


@breaks("is-dead-letter-queue")
def _(stage: Stage, plan: Plan) -> None:
    def aim(built: Built) -> None:
        redrive = json.dumps({"deadLetterTargetArn": built.arn, "maxReceiveCount": 3})
        attributes = {"RedrivePolicy": redrive}
        stage.api("sqs").create_queue(QueueName=unique("above"), Attributes=attributes)

    plan.after.append(aim)


# ---------------------------------------------------------------------- promises and limits


@breaks("promise-out-of-reach")
def _(stage: Stage, plan: Plan) -> None:
    plan.policy["acceptable_wait"] = "2m10s"


@breaks("no-tasks-allowed")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["limits"] = {"max_tasks": 0}


@breaks("overrides-too-long")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["overrides"] = {"environment": {"NAMES": "ü" * 1500}}


# ---------------------------------------------------------------------- who else works on it


@breaks("lambda-consumer")
def _(stage: Stage, plan: Plan) -> None:
    plan.receives = 5
    plan.after.append(lambda built: stage.lambda_on(built, timeout=10, on=True))


@breaks("service-consumer")
def _(stage: Stage, plan: Plan) -> None:
    plan.after.append(lambda built: stage.service(built, wanted=2))


@breaks("application-auto-scaling")
def _(stage: Stage, plan: Plan) -> None:
    def scale(built: Built) -> None:
        stage.api("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId=f"service/house/{stage.service(built, wanted=0)}",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=0,
            MaxCapacity=4,
        )

    plan.after.append(scale)


@breaks("others-tasks")
def _(stage: Stage, plan: Plan) -> None:
    def launch(built: Built) -> None:
        stage.run(built, count=1, started_by="somebody-else", command=["sleep", "60"])

    plan.after.append(launch)


# ----------------------------------------------------------------------- the task definition


@breaks("task-definition-exists")
def _(stage: Stage, plan: Plan) -> None:
    plan.definition.clear()


@breaks("task-definition-fargate")
def _(stage: Stage, plan: Plan) -> None:
    plan.definition["requiresCompatibilities"] = ["EC2"]


@breaks("task-size")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["overrides"] = {"cpu": 256, "memory": 8192}


@breaks("container-exists")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["name"] = "main"


@breaks("container-essential")
def _(stage: Stage, plan: Plan) -> None:
    plan.others.append({**plan.container, "name": "log-router"})
    plan.container["essential"] = False


@breaks("container-restarts")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["restartPolicy"] = {"enabled": True}


@breaks("stop-timeout")
def _(stage: Stage, plan: Plan) -> None:
    del plan.container["stopTimeout"]


@breaks("shell-form")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["command"] = ["sh", "-c", "worker --queue jobs"]


@breaks("secrets-in-the-clear")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["environment"] = [{"name": "DB_PASSWORD", "value": "hunter2"}]


# --------------------------------------------------------------------- image, logs and roles


@breaks("image-exists")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["image"] = stage.shared["image"].replace(":1.0", ":2.0")


@breaks("image-architecture")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["image"] = stage.image(unique("arm"), ["arm64"])


@breaks("image-moves")
def _(stage: Stage, plan: Plan) -> None:
    plan.container["image"] = "public.ecr.aws/docker/library/python:latest"


@breaks("logs-nowhere")
def _(stage: Stage, plan: Plan) -> None:
    del plan.container["logConfiguration"]


@breaks("log-group-exists")
def _(stage: Stage, plan: Plan) -> None:
    options = plan.container["logConfiguration"]["options"]
    plan.container["logConfiguration"] = {
        "logDriver": "awslogs",
        "options": {**options, "awslogs-group": "/nowhere"},
    }


@breaks("log-retention")
def _(stage: Stage, plan: Plan) -> None:
    group = f"/{unique('for-ever')}"
    stage.log_group(group, days=None)
    plan.container["logConfiguration"]["options"]["awslogs-group"] = group


@breaks("task-role")
def _(stage: Stage, plan: Plan) -> None:
    plan.definition["taskRoleArn"] = stage.role(unique("task"), trusted="ec2.amazonaws.com")


@breaks("execution-role")
def _(stage: Stage, plan: Plan) -> None:
    del plan.definition["executionRoleArn"]


# ------------------------------------------------------------------------------ the network


def move(plan: Plan, network: dict[str, Any]) -> None:
    plan.fleet |= {"subnets": network["subnets"], "security_groups": [network["group"]]}


@breaks("subnets-exist")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["subnets"] = ["subnet-0123456789abcdef0"]


@breaks("public-subnet-without-address")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["assign_public_ip"] = False


@breaks("isolated-subnet")
def _(stage: Stage, plan: Plan) -> None:
    network = stage.network(gateway=None)
    stage.endpoint(network, "ecr.api", "ecr.dkr", "s3", "logs")
    move(plan, network)


@breaks("s3-endpoint")
def _(stage: Stage, plan: Plan) -> None:
    move(plan, stage.network(gateway="nat"))


@breaks("one-zone")
def _(stage: Stage, plan: Plan) -> None:
    move(plan, stage.network("aa"))


@breaks("subnet-addresses")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["limits"] = {"max_tasks": 600}


@breaks("security-groups-exist")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["security_groups"] = [stage.network()["group"]]


@breaks("security-groups-closed")
def _(stage: Stage, plan: Plan) -> None:
    ec2 = stage.api("ec2")
    group = ec2.create_security_group(
        GroupName=unique("closed"), Description="-", VpcId=stage.shared["vpc"]
    )["GroupId"]
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[everything])
    plan.fleet["security_groups"] = [group]


# --------------------------------------------------------------------------------- capacity


@breaks("cluster-exists")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["cluster"] = "nowhere"


@breaks("capacity-providers")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["cluster"] = unique("without-spot")
    stage.api("ecs").create_cluster(
        clusterName=plan.fleet["cluster"], capacityProviders=["FARGATE"]
    )


@breaks("spot-without-fallback")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["spot"] = {"share": 1.0, "fallback": "none"}


@breaks("spot-platform")
def _(stage: Stage, plan: Plan) -> None:
    plan.fleet["platform_version"] = "1.2.0"


# ------------------------------------------------------------------------- how tasks ended


def ended(stage: Stage, built: Built, command: list[str]) -> None:
    arns = stage.run(built, count=3, started_by=built.name, command=command)

    def stopped() -> bool:
        told = stage.api("ecs").describe_tasks(cluster="house", tasks=arns)["tasks"]
        return all(one["lastStatus"] == "STOPPED" for one in told)

    until(stopped)


@breaks("tasks-fail-to-start")
def _(stage: Stage, plan: Plan) -> None:
    plan.after.append(lambda built: ended(stage, built, ["/no/such/program"]))


@breaks("tasks-crash")
def _(stage: Stage, plan: Plan) -> None:
    plan.after.append(lambda built: ended(stage, built, ["false"]))


# ----------------------------------------------------------------------------------- alarms


@breaks("age-alarm")
def _(stage: Stage, plan: Plan) -> None:
    del plan.alarms["age"]


@breaks("dead-letter-alarm")
def _(stage: Stage, plan: Plan) -> None:
    del plan.alarms["dead"]


@breaks("dead-letter-alarm-deaf")
def _(stage: Stage, plan: Plan) -> None:
    plan.alarms["dead"]["MetricName"] = "NumberOfMessagesSent"


@breaks("alarm-without-action")
def _(stage: Stage, plan: Plan) -> None:
    plan.alarms["age"]["AlarmActions"] = []


@breaks("alarm-missing-data")
def _(stage: Stage, plan: Plan) -> None:
    plan.alarms["age"]["TreatMissingData"] = "breaching"


# ----------------------------------------------------------------------------------- access


@breaks("worker-permissions")
def _(stage: Stage, plan: Plan) -> None:
    allowed = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility"]
    plan.definition["taskRoleArn"] = stage.role(unique("task"), allowed)
