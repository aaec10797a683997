"""SimulatePrincipalPolicy, which moto lacks, over the policies of a role or a user.

Actions and resources decide; conditions are taken as met.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def apply() -> None:
    """Correct moto."""
    IamResponse.simulate_principal_policy = _simulate


def _simulate(self: Any) -> ActionResult:
    asked = self._get_params()
    statements = [*_statements(self.backend, asked["PolicySourceArn"])]
    resources = asked.get("ResourceArns") or ["*"]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": _decision(statements, action, resource),
        }
        for action in asked["ActionNames"]
        for resource in resources
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _decision(statements: Sequence[dict[str, Any]], action: str, resource: str) -> str:
    """A denial goes before any allowance; what nobody allows is denied."""
    effects = {one["Effect"] for one in statements if _is_about(one, action, resource)}
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def _is_about(statement: dict[str, Any], action: str, resource: str) -> bool:
    return _matches(statement.get("Action", ()), action) and _matches(
        statement.get("Resource", ()), resource
    )


def _matches(patterns: str | Sequence[str], value: str) -> bool:
    several = [patterns] if isinstance(patterns, str) else patterns
    return any(fnmatchcase(value.lower(), pattern.lower()) for pattern in several)


def _statements(backend: Any, principal: str) -> Iterator[dict[str, Any]]:
    for document in _documents(backend, principal.rpartition("/")[2], principal):
        statements = json.loads(document)["Statement"]
        yield from statements if isinstance(statements, list) else [statements]


def _documents(backend: Any, name: str, principal: str) -> Iterator[str]:
    """Its own policies' and the attached ones'."""
    if ":role/" in principal:
        for policy in backend.list_role_policies(name):
            yield backend.get_role_policy(name, policy)[1]
        attached = backend.get_role(name).managed_policies
    else:
        for policy in backend.list_user_policies(name):
            yield backend.get_user_policy(name, policy)["policy_document"]
        attached = backend.get_user(name).managed_policies
    for one in attached.values():
        yield next(version.document for version in one.versions if version.is_default)
