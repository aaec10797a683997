"""The statement that a key of one's own needs, whichever way it is named."""

from __future__ import annotations

from collections.abc import Iterable

from autoscaler.operations.permissions.facts import Site
from autoscaler.operations.permissions.statement import Statement, distinct

OF_AWS = "alias/aws/"
"""Keys that AWS keeps for a service; their policies let everyone in who may use the service."""


def key_statements(
    keys: Iterable[tuple[Site, str]], actions: tuple[str, ...], why: str
) -> list[Statement]:
    """One for keys named by id or ARN, one for those named by alias.

    IAM knows no alias as a resource: a key is then told by ``kms:ResourceAliases``. Both hold
    only for what SQS asks on somebody's behalf.
    """
    found = [located(site, key) for site, key in keys if OF_AWS not in key]
    by_id = [(site, key) for site, key in found if not key.startswith("alias/")]
    by_alias = [(site, key) for site, key in found if key.startswith("alias/")]
    statements = []
    if by_id:
        arns = distinct(site.arn("kms", f"key/{key}") for site, key in by_id)
        statements.append(Statement("UseKeys", why, actions, arns, _through_sqs(by_id)))
    if by_alias:
        arns = distinct(site.arn("kms", "key/*") for site, _ in by_alias)
        names = distinct(key for _, key in by_alias)
        named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": names}}
        conditions = {**_through_sqs(by_alias), **named}
        statements.append(Statement("UseKeysByAlias", why, actions, arns, conditions))
    return statements


def located(site: Site, key: str) -> tuple[Site, str]:
    """Where a key is, and its id or ``alias/name``; an ARN may be of another account."""
    if not key.startswith("arn:"):
        return site, key
    _, partition, _, region, account, name = key.split(":", 5)
    return Site(partition, region, account), name.removeprefix("key/")


def _through_sqs(keys: Iterable[tuple[Site, str]]) -> dict[str, dict[str, tuple[str, ...]]]:
    hosts = distinct(f"sqs.{site.region}.amazonaws.com" for site, _ in keys)
    return {"StringEquals": {"kms:ViaService": hosts}}
