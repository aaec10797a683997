"""Whether policies allow a request: actions, resources and conditions, as IAM's reference has it.

A stranger to `autoscaler.operations.permissions`: it reads policy documents and nothing else. What
it does not know (an operator, NotAction) is an error and never a yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Context = Mapping[str, tuple[str, ...]]
Matches = Callable[[str, str], bool]
_KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition"}


@dataclass(frozen=True)
class Request:
    """One authorization: an action on a resource, and what is known of the call around it."""

    action: str
    resource: str
    context: Context = field(default_factory=dict, hash=False)


def allowed(policy: Mapping[str, Any], request: Request) -> bool:
    """No explicit denial and at least one permission."""
    effects = {
        statement["Effect"]
        for statement in all_of(policy["Statement"])
        if _matches(statement, request)
    }
    return effects == {"Allow"}


def all_of(value: Any) -> list[Any]:
    """Lists of one may be written without the list."""
    return value if isinstance(value, list) else [value]


def _matches(statement: Mapping[str, Any], request: Request) -> bool:
    assert statement.keys() <= _KNOWN, f"not evaluated: {statement.keys() - _KNOWN}"
    return (
        any(_like(one.lower(), request.action.lower()) for one in all_of(statement["Action"]))
        and any(_arn_like(one, request.resource) for one in all_of(statement["Resource"]))
        and all(
            _holds(operator, request.context.get(key, ()), all_of(values))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _holds(operator: str, told: Iterable[str], wanted: list[str]) -> bool:
    """Whether a condition holds of what the call tells; a key it does not tell fails `ForAny`."""
    kind, _, plain = operator.rpartition(":")
    matches = _OPERATORS[plain]
    each = [any(matches(one, value) for one in wanted) for value in told]
    return all(each) if kind == "ForAllValues" else any(each)


def _like(pattern: str, text: str) -> bool:
    return bool(_compiled(pattern).fullmatch(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(
        "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL
    )


def _arn_like(pattern: str, arn: str) -> bool:
    """Part by part: an asterisk does not reach across the first five colons of an ARN."""
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


_OPERATORS: Mapping[str, Matches] = {
    "StringEquals": lambda wanted, told: wanted == told,
    "StringLike": _like,
    "ArnEquals": _arn_like,  # the same as ArnLike [IAM, condition operators]
    "ArnLike": _arn_like,
}
