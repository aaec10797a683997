"""What AWS authorizes for a call: from the HTTP request to actions, resources and conditions.

By the Service Authorization Reference of each service. A call this does not know is an error, so
that a new call of the program needs a line here and a statement there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from support.iam.evaluator import Request

ACCOUNT = "123456789012"

ACTIONS = {
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:HeadObject": "s3:GetObject",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
"""Actions of calls that have another name than their call."""


@dataclass(frozen=True)
class Call:
    """One API call: as `ecs:RunTask`, with its parameters, and where it is answered."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    account: str = ACCOUNT

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"

    def arn(self, resource: str, service: str | None = None) -> str:
        return f"arn:aws:{service or self.service}:{self.region}:{self.account}:{resource}"


class Truth(Protocol):
    """What AWS knows when it authorizes: asked of the local AWS behind the gate."""

    def roles(self, task_definition: str, account: str) -> tuple[str, ...]:
        """The roles that a task definition of an account names."""
        ...

    def key(self, queue: str) -> str | None:
        """The ARN of the key that a queue is encrypted with."""
        ...

    def sources(self, dead_letters: str) -> tuple[str, ...]:
        """The ARNs of the queues whose dead letters go to the queue of this ARN."""
        ...

    def source_of(self, move: str) -> str:
        """The ARN of the queue that a move takes messages from, by the move's handle."""
        ...

    def function(self, mapping: str) -> str:
        """The ARN of the function that an event source mapping is for, by the mapping's id."""
        ...


def call_of(
    method: str, path: str, headers: Mapping[str, str], body: bytes, account: str = ACCOUNT
) -> Call:
    """Recognize a request by its signature's scope and its protocol."""
    scope = headers["Authorization"].partition("Credential=")[2].partition(",")[0].split("/")
    region, service = scope[2], {"monitoring": "cloudwatch"}.get(scope[3], scope[3])
    if service == "s3":
        return Call(service, _s3_operation(method, path), {"path": unquote(path)}, region, account)
    if "X-Amz-Target" in headers:
        operation = headers["X-Amz-Target"].rpartition(".")[2]
        return Call(service, operation, json.loads(body or b"{}"), region, account)
    if service == "lambda":
        return _lambda_call(method, path, region, account)
    form = dict(parse_qsl(body.decode()))
    return Call(service, form.pop("Action"), form, region, account)


def authorizations(call: Call, truth: Truth) -> list[Request]:
    """All that must be allowed for a call to go through."""
    return list(_RULES[call.name](call, truth))


Rule = Callable[[Call, Truth], Iterator[Request]]


def _lambda_call(method: str, path: str, region: str, account: str) -> Call:
    if "/event-source-mappings" in path:
        if method == "PUT":
            told = {"UUID": path.rstrip("/").rpartition("/")[2]}
            return Call("lambda", "UpdateEventSourceMapping", told, region, account)
        return Call("lambda", "ListEventSourceMappings", {}, region, account)
    name = unquote(path).partition("/functions/")[2].partition("/")[0]
    told = {"name": name.rpartition(":")[2]}
    return Call("lambda", "GetFunctionConfiguration", told, region, account)


def _s3_operation(method: str, path: str) -> str:
    assert path.count("/") > 1, f"not a call about an object: {method} {path}"
    return {"GET": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}[method]


def _queue(call: Call) -> str:
    """By its ARN, by the account and name in its URL, or by its name and owner."""
    told = call.parameters
    if "SourceArn" in told:
        return str(told["SourceArn"])
    if "QueueUrl" in told:
        account, name = told["QueueUrl"].rsplit("/", 2)[1:]
    else:
        account, name = told.get("QueueOwnerAWSAccountId", call.account), told["QueueName"]
    return f"arn:aws:sqs:{call.region}:{account}:{name}"


def _on_queue(action: str, *, key: tuple[str, ...] = ()) -> Rule:
    """SQS names the same action for one message and for a batch."""

    def rule(call: Call, truth: Truth) -> Iterator[Request]:
        yield Request(f"sqs:{action}", _queue(call))
        if key and (arn := truth.key(_queue(call).rpartition(":")[2])):
            through = {"kms:ViaService": (f"sqs.{call.region}.amazonaws.com",)}
            yield from (Request(f"kms:{one}", arn, through) for one in key)

    return rule


def _move(call: Call, truth: Truth) -> Iterator[Request]:
    """A move is made on the caller's behalf [SQS, dead-letter queue redrive permissions]."""
    source = _queue(call)
    for action in ("StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        yield Request(f"sqs:{action}", source)
    through = {"kms:ViaService": (f"sqs.{call.region}.amazonaws.com",)}
    if key := truth.key(source.rpartition(":")[2].removesuffix("-dead")):
        yield from (Request(f"kms:{one}", key, through) for one in ("Decrypt", "GenerateDataKey"))
    to = call.parameters.get("DestinationArn")
    for destination in [to] if to else truth.sources(source):
        yield Request("sqs:SendMessage", destination)


def _cancel(call: Call, truth: Truth) -> Iterator[Request]:
    """The handle of a move tells whose it is."""
    yield Request("sqs:CancelMessageMoveTask", truth.source_of(call.parameters["TaskHandle"]))


def _cluster(call: Call) -> str:
    text = call.parameters["cluster"]
    return text if text.startswith("arn:") else call.arn(f"cluster/{text}")


def _tasks(call: Call, action: str, resource: str) -> Request:
    return Request(action, resource, {"ecs:cluster": (_cluster(call),)})


def _list_tasks(call: Call, _: Truth) -> Iterator[Request]:
    yield _tasks(call, "ecs:ListTasks", call.arn("container-instance/none"))


def _describe_tasks(call: Call, _: Truth) -> Iterator[Request]:
    for arn in call.parameters["tasks"]:
        yield _tasks(call, "ecs:DescribeTasks", arn)


def _describe_clusters(call: Call, _: Truth) -> Iterator[Request]:
    for text in call.parameters["clusters"]:
        arn = text if text.startswith("arn:") else call.arn(f"cluster/{text}")
        yield Request("ecs:DescribeClusters", arn)


def _describe_services(call: Call, _: Truth) -> Iterator[Request]:
    cluster = _cluster(call)
    for text in call.parameters["services"]:
        name = text.rpartition("/")[2]
        arn = call.arn(f"service/{cluster.rpartition('/')[2]}/{name}")
        yield Request("ecs:DescribeServices", arn)


def _run_task(call: Call, truth: Truth) -> Iterator[Request]:
    """Without a revision the permission must be for all of them [ECS RunTask, taskDefinition]."""
    text = call.parameters["taskDefinition"]
    name = text.rpartition("/")[2]
    full = call.arn(f"task-definition/{name if ':' in name else f'{name}:*'}")
    yield _tasks(call, "ecs:RunTask", full)
    if call.parameters.get("tags"):
        cluster = _cluster(call)
        arn = call.arn(f"task/{cluster.rpartition('/')[2]}/0123456789abcdef")
        yield Request("ecs:TagResource", arn, {"ecs:CreateAction": ("RunTask",)})
    for role in truth.roles(text, call.account):
        yield Request("iam:PassRole", role, {"iam:PassedToService": ("ecs-tasks.amazonaws.com",)})


def _stop_task(call: Call, _: Truth) -> Iterator[Request]:
    yield _tasks(call, "ecs:StopTask", call.parameters["task"])


def _protection(call: Call, _: Truth) -> Iterator[Request]:
    for arn in call.parameters["tasks"]:
        yield _tasks(call, call.name, arn)


def _register(call: Call, _: Truth) -> Iterator[Request]:
    """The revision has no number yet; its roles are handed to ECS."""
    told = call.parameters
    definition = call.arn(f"task-definition/{told['family']}:*")
    yield Request("ecs:RegisterTaskDefinition", definition)
    if told.get("tags"):
        yield Request("ecs:TagResource", definition)
    for name in ("taskRoleArn", "executionRoleArn"):
        if told.get(name):
            to = {"iam:PassedToService": ("ecs-tasks.amazonaws.com",)}
            yield Request("iam:PassRole", told[name], to)


def _register_target(call: Call, _: Truth) -> Iterator[Request]:
    """A target's name is AWS's own; what it is of are conditions."""
    told = {
        "application-autoscaling:service-namespace": (call.parameters["ServiceNamespace"],),
        "application-autoscaling:scalable-dimension": (call.parameters["ScalableDimension"],),
    }
    yield Request(call.name, call.arn("scalable-target/0ec5a5b2c3d4"), told)


def _switch_mapping(call: Call, truth: Truth) -> Iterator[Request]:
    mapping = call.parameters["UUID"]
    function = {"lambda:FunctionArn": (truth.function(mapping),)}
    yield Request(call.name, call.arn(f"event-source-mapping:{mapping}"), function)


def _on_table(call: Call, _: Truth) -> Iterator[Request]:
    told = call.parameters
    tables = told.get("RequestItems") or {told["TableName"]: told}
    for table, asked in tables.items():
        items = asked.get("Keys") or [asked.get("Key") or asked.get("Item") or {}]
        keys = tuple(item["pk"]["S"] for item in items if item)
        context = {"dynamodb:LeadingKeys": keys} if keys else {}
        yield Request(call.name, call.arn(f"table/{table}"), context)


def _on_object(call: Call, _: Truth) -> Iterator[Request]:
    yield Request(call.name, f"arn:aws:s3:::{call.parameters['path'].lstrip('/')}")


def _assume(call: Call, _: Truth) -> Iterator[Request]:
    yield Request(call.name, call.parameters["RoleArn"])


def _on(resource: Callable[[Call], str]) -> Rule:
    def rule(call: Call, _: Truth) -> Iterator[Request]:
        yield Request(call.name, resource(call))

    return rule


def _role(call: Call) -> str:
    name = call.parameters["RoleName"]
    return f"arn:aws:iam::{call.account}:role/{name}"


def _anything(call: Call, _: Truth) -> Iterator[Request]:
    """Calls about no resource that IAM could name."""
    yield Request(call.name, "*")


def _nothing(_: Call, __: Truth) -> Iterator[Request]:
    """GetCallerIdentity needs no permission."""
    yield from ()


_RULES: Mapping[str, Rule] = {
    "sqs:GetQueueUrl": _on_queue("GetQueueUrl"),
    "sqs:GetQueueAttributes": _on_queue("GetQueueAttributes"),
    "sqs:ListDeadLetterSourceQueues": _on_queue("ListDeadLetterSourceQueues"),
    "sqs:ReceiveMessage": _on_queue("ReceiveMessage", key=("Decrypt",)),
    "sqs:DeleteMessageBatch": _on_queue("DeleteMessage"),
    "sqs:ChangeMessageVisibilityBatch": _on_queue("ChangeMessageVisibility"),
    "sqs:SendMessageBatch": _on_queue("SendMessage", key=("GenerateDataKey", "Decrypt")),
    "sqs:PurgeQueue": _on_queue("PurgeQueue"),
    "sqs:ListMessageMoveTasks": _on_queue("ListMessageMoveTasks"),
    "sqs:StartMessageMoveTask": _move,
    "sqs:CancelMessageMoveTask": _cancel,
    "ecs:ListTasks": _list_tasks,
    "ecs:DescribeTasks": _describe_tasks,
    "ecs:DescribeClusters": _describe_clusters,
    "ecs:DescribeServices": _describe_services,
    "ecs:DescribeTaskDefinition": _anything,
    "ecs:RunTask": _run_task,
    "ecs:UpdateService": _on(
        lambda call: call.arn(
            f"service/{_cluster(call).rpartition('/')[2]}/{call.parameters['service']}"
        )
    ),
    "ecs:StopTask": _stop_task,
    "ecs:GetTaskProtection": _protection,
    "ecs:UpdateTaskProtection": _protection,
    "ecs:RegisterTaskDefinition": _register,
    "cloudwatch:GetMetricData": _anything,
    "dynamodb:BatchGetItem": _on_table,
    "dynamodb:UpdateItem": _on_table,
    "dynamodb:PutItem": _on_table,
    "dynamodb:DescribeTable": _on_table,
    "s3:GetObject": _on_object,
    "s3:PutObject": _on_object,
    "s3:DeleteObject": _on_object,
    "sts:AssumeRole": _assume,
    "sts:GetCallerIdentity": _nothing,
    "ec2:DescribeVpcs": _anything,
    "ec2:DescribeSubnets": _anything,
    "ec2:DescribeSecurityGroups": _anything,
    "ec2:DescribeRouteTables": _anything,
    "ec2:DescribeVpcEndpoints": _anything,
    "ecs:ListServices": _anything,
    "application-autoscaling:DescribeScalableTargets": _anything,
    "application-autoscaling:RegisterScalableTarget": _register_target,
    "lambda:ListEventSourceMappings": _anything,
    "lambda:UpdateEventSourceMapping": _switch_mapping,
    "lambda:GetFunctionConfiguration": _on(
        lambda call: call.arn(f"function:{call.parameters['name']}")
    ),
    "logs:DescribeLogGroups": _anything,
    "cloudwatch:DescribeAlarms": _on(lambda call: call.arn("alarm:*")),
    "servicequotas:GetServiceQuota": _on(
        lambda call: call.arn(f"fargate/{call.parameters['QuotaCode']}")
    ),
    "ecr:BatchGetImage": _on(
        lambda call: call.arn(f"repository/{call.parameters['repositoryName']}")
    ),
    "kms:DescribeKey": _on(lambda call: call.arn(f"key/{call.parameters['KeyId']}")),
    "iam:GetRole": _on(_role),
    "iam:SimulatePrincipalPolicy": _on(lambda call: str(call.parameters["PolicySourceArn"])),
    "dynamodb:GetItem": _on_table,
}
