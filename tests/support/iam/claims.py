"""What is claimed of a policy and of the requests that were really made under it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from support.iam.evaluator import Request, all_of, allowed
from support.iam.gate import Seen

Policy = Mapping[str, Any]


_NAMES = (":sqs:", ":table/", ":task-definition/", ":cluster/", ":role/")
"""Of resources that are named wholly: one whose name goes on is another."""


def sids(policy: Policy) -> set[str]:
    return {statement["Sid"] for statement in policy["Statement"]}


def without(policy: Policy, sid: str) -> Policy:
    """The policy less one statement."""
    return {**policy, "Statement": [one for one in policy["Statement"] if one["Sid"] != sid]}


def requests_of(seen: Iterable[Seen]) -> set[Request]:
    """All that was authorized."""
    return {request for one in seen for request in one.requests}


def broken(seen: Iterable[Seen], policy: Policy) -> set[str]:
    """The calls that really were made, and would not have been allowed."""
    return {
        one.call.name for one in seen if not all(allowed(policy, each) for each in one.requests)
    }


def idle(policy: Policy, requests: Iterable[Request], spared: Iterable[str] = ()) -> list[str]:
    """Actions, resources and values of conditions that no request needs, statement by statement.

    Each is taken away, one at a time; if every request is still allowed, nobody needed it.
    """
    made = list(requests)
    return [
        what
        for what, narrowed in narrower(policy, set(spared))
        if all(allowed(narrowed, one) for one in made)
    ]


def narrower(policy: Policy, spared: set[str]) -> Iterator[tuple[str, Policy]]:
    """The policy with one thing less each time, and what that is."""
    for number, statement in enumerate(policy["Statement"]):
        if statement["Sid"] in spared:
            continue
        for what, changed in _narrower(statement):
            statements = [*policy["Statement"]]
            statements[number] = changed
            yield f"{statement['Sid']}: {what}", {**policy, "Statement": statements}


def _narrower(statement: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in ("Action", "Resource"):
        values = all_of(statement[part])
        for value in values:
            yield value, {**statement, part: [one for one in values if one != value]}
    conditions = statement.get("Condition", {})
    for operator, key, values in _conditions(statement):
        for value in values:
            rest = [one for one in values if one != value]
            keys = {**conditions[operator], key: rest}
            changed = {**statement, "Condition": {**conditions, operator: keys}}
            yield f"{key} {value}", changed


def strangers(request: Request, mark: str) -> Iterator[Request]:
    """Requests that differ in one thing from one that is allowed, and must not be.

    ``mark`` is in every name of the installation. ListTasks, about container instances, is told by
    its cluster alone. A key of an item comes with every call about items, so it is never left out.
    """
    for old, new in ((mark, "elsewhere"), (":eu-west-2:", ":us-east-1:"), ("123456789012", "1")):
        if old in request.resource and ":container-instance/" not in request.resource:
            yield Request(request.action, request.resource.replace(old, new), request.context)
    if any(kind in request.resource for kind in _NAMES):
        longer = re.sub(r"([\w-]+)(:\*|:\d+)?$", r"\g<1>2\g<2>", request.resource)
        yield Request(request.action, longer, request.context)
    for key in request.context:
        others = [("elsewhere",)] if key == "dynamodb:LeadingKeys" else [("elsewhere",), ()]
        for other in others:
            yield Request(request.action, request.resource, {**request.context, key: other})


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield operator, key, all_of(values)
