"""Ways to break a task definition, each for the check that must see it."""

from __future__ import annotations

from support.doctor.breaking import Ways
from support.doctor.parts import Parts
from support.doctor.plan import Plan
from support.local_aws import unique

# ----------------------------------------------------------------------- the task definition

DEFINITIONS = Ways("fleet")


@DEFINITIONS.trip("task-definition-exists")
def _(parts: Parts, plan: Plan) -> None:
    plan.definition.clear()


@DEFINITIONS.trip("task-definition-fargate")
def _(parts: Parts, plan: Plan) -> None:
    plan.definition["requiresCompatibilities"] = ["EC2"]


@DEFINITIONS.trip("task-size")
def _(parts: Parts, plan: Plan) -> None:
    plan.fleet["overrides"] = {"cpu": 256, "memory": 8192}


@DEFINITIONS.trip("container-exists")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["name"] = "main"


@DEFINITIONS.trip("container-essential")
def _(parts: Parts, plan: Plan) -> None:
    plan.others.append({**plan.container, "name": "log-router"})
    plan.container["essential"] = False


@DEFINITIONS.trip("container-restarts")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["restartPolicy"] = {"enabled": True}


@DEFINITIONS.trip("stop-timeout")
def _(parts: Parts, plan: Plan) -> None:
    del plan.container["stopTimeout"]


@DEFINITIONS.trip("shell-form")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["command"] = ["sh", "-c", "worker --queue jobs"]


@DEFINITIONS.trip("secrets-in-the-clear")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["environment"] = [{"name": "DB_PASSWORD", "value": "hunter2"}]


# --------------------------------------------------------------------- image, logs and roles


@DEFINITIONS.trip("image-exists")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["image"] = parts.shared["image"].replace(":1.0", ":2.0")


@DEFINITIONS.trip("image-architecture")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["image"] = parts.image(unique("arm"), ["arm64"])


@DEFINITIONS.trip("image-moves")
def _(parts: Parts, plan: Plan) -> None:
    plan.container["image"] = "public.ecr.aws/docker/library/python:latest"


@DEFINITIONS.trip("logs-nowhere")
def _(parts: Parts, plan: Plan) -> None:
    del plan.container["logConfiguration"]


@DEFINITIONS.trip("log-group-exists")
def _(parts: Parts, plan: Plan) -> None:
    options = plan.container["logConfiguration"]["options"]
    plan.container["logConfiguration"] = {
        "logDriver": "awslogs",
        "options": {**options, "awslogs-group": "/nowhere"},
    }


@DEFINITIONS.trip("log-retention")
def _(parts: Parts, plan: Plan) -> None:
    group = f"/{unique('for-ever')}"
    parts.log_group(group, days=None)
    plan.container["logConfiguration"]["options"]["awslogs-group"] = group


@DEFINITIONS.trip("task-role")
def _(parts: Parts, plan: Plan) -> None:
    plan.definition["taskRoleArn"] = parts.role(unique("task"), trusted="ec2.amazonaws.com")


@DEFINITIONS.trip("execution-role")
def _(parts: Parts, plan: Plan) -> None:
    del plan.definition["executionRoleArn"]
