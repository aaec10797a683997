"""Asks IAM whether somebody may do something, without doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autoscaler.aws.clients import Place
from autoscaler.operations.doctor.account import Account

_AT_ONCE = 50
"""Resources of one call: its answer has an entry for each, with each action."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Whether a principal may do something to a resource, both by their ARNs."""

    place: Place
    principal: str
    actions: tuple[str, ...]
    resource: str
    context: tuple[tuple[str, str], ...] = ()
    """Names and values of what conditions in policies ask about."""


def denied(account: Account, asks: Iterable[Ask]) -> list[str]:
    """Which actions are not allowed, each with its resource.

    Policies of the resources themselves are not looked at.

    Raises:
        NotKnownError: IAM could not be asked.
    """
    alike: dict[Ask, list[str]] = {}
    for ask in asks:
        alike.setdefault(replace(ask, resource=""), []).append(ask.resource)
    return sorted(
        {
            refused
            for ask, resources in alike.items()
            for start in range(0, len(resources), _AT_ONCE)
            for refused in _refused(account, ask, resources[start : start + _AT_ONCE])
        }
    )


def _refused(account: Account, ask: Ask, resources: Sequence[str]) -> list[str]:
    results = account.pages(
        ask.place,
        "iam.simulate_principal_policy",
        "EvaluationResults",
        f"ask IAM what {ask.principal.rpartition('/')[2]} may do",
        PolicySourceArn=ask.principal,
        ActionNames=list(ask.actions),
        ResourceArns=sorted(set(resources)),
        ContextEntries=[
            {"ContextKeyName": name, "ContextKeyType": "string", "ContextKeyValues": [value]}
            for name, value in ask.context
        ],
    )
    return [
        f"{one['EvalActionName']} on {one['EvalResourceName']}"
        for one in results
        if one["EvalDecision"] != "allowed"
    ]
