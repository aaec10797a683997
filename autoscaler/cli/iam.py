"""`autoscaler iam`: the permissions that a configuration needs, and no others."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from enum import StrEnum
from typing import Annotated, assert_never

import typer

from autoscaler.aws.clients import Clients
from autoscaler.cli.iam_text import print_grants
from autoscaler.cli.options import ConfigFiles, settings_from
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import Settings
from autoscaler.operations.permissions import trust
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Grant, Part, grants
from autoscaler.operations.permissions.looking import look
from autoscaler.operations.permissions.written import as_json, as_template, oversize


class Form(StrEnum):
    """How policies are printed."""

    TEXT = "text"
    JSON = "json"
    CLOUDFORMATION = "cloudformation"


class Host(StrEnum):
    """What runs the controller as a service."""

    ECS = "ecs"
    POD_IDENTITY = "pod-identity"
    IRSA = "irsa"


_FORM = typer.Option("--output", "-o", help="For people, as JSON, or as a template of roles.")
_PART = typer.Option("--for", help="Whose: its policy document alone with -o json.")
_FLEET = typer.Option(help="Of which fleet, where several have a role of their own.")
_TRUST = typer.Option("--trust", help="With --for: who may take the role, in place of its policy.")
_HOST = typer.Option(help="What runs the controller's service.")
_PROVIDER = typer.Option(help="With irsa: the cluster's OIDC provider, without https://.")
_ACCOUNT = typer.Option(help="With irsa: the service account, as namespace/name.")
_FUNCTION = typer.Option(help="The name of the Lambda function.")
_CONFIGURATION = typer.Option(help="Where the function reads its configuration: s3:// or ssm:/.")
_RECORDS = typer.Option(help="Where the function keeps records: s3://bucket/prefix.")
_PAYLOADS = typer.Option(help="Bucket, or bucket/prefix, where large bodies lie.")


def iam(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    part: Annotated[Part | None, _PART] = None,
    fleet: Annotated[str | None, _FLEET] = None,
    trust_policy: Annotated[bool, _TRUST] = False,
    runs_on: Annotated[Host, _HOST] = Host.ECS,
    oidc_provider: Annotated[str | None, _PROVIDER] = None,
    service_account: Annotated[str | None, _ACCOUNT] = None,
    function: Annotated[str, _FUNCTION] = "queue-autoscaler",
    function_config: Annotated[str | None, _CONFIGURATION] = None,
    function_records: Annotated[str | None, _RECORDS] = None,
    payloads: Annotated[list[str], _PAYLOADS] = [],  # noqa: B006 - typer copies it
    output: Annotated[Form, _FORM] = Form.TEXT,
) -> int:
    """Print the permissions this configuration needs, role by role, and why it needs each.

    Asks the account for what the configuration does not tell: dead-letter queues, keys, and the
    roles and images of task definitions. Exit status 1, with a line for each, if something could
    not be found and its permissions are left out, or if a policy is larger than IAM takes.

    Example: autoscaler iam --config autoscaler.yaml --for controller -o json > policy.json
    """
    settings = settings_from(config)
    host = _host(runs_on, oidc_provider, service_account)
    with closing(Clients()) as clients:
        facts = look(settings, clients)
    wishes = Wishes(function, function_config, function_records, tuple(payloads))
    chosen = _chosen(settings, grants(settings, facts, wishes, host), part, fleet)
    _print(settings, chosen, output, whole=part is None, trusted=trust_policy)
    notes = [*facts.notes, *oversize(chosen)]
    for note in notes:
        print(f"autoscaler: {note}", file=sys.stderr)
    return 1 if notes else 0


def _host(host: Host, provider: str | None, account: str | None) -> trust.Trust:
    match host:
        case Host.ECS:
            return trust.EcsTasks()
        case Host.POD_IDENTITY:
            return trust.PodIdentity()
        case Host.IRSA:
            namespace, slash, name = (account or "").partition("/")
            if not (provider and slash):
                raise ConfigurationError(
                    "--runs-on irsa needs --oidc-provider, such as "
                    "oidc.eks.eu-west-2.amazonaws.com/id/0123456789ABCDEF, and --service-account "
                    "namespace/name"
                )
            return trust.ServiceAccount(provider.removeprefix("https://"), namespace, name)
        case _:
            assert_never(host)


def _chosen(
    settings: Settings, given: Sequence[Grant], part: Part | None, fleet: str | None
) -> list[Grant]:
    if fleet is not None and fleet not in settings.every_fleet:
        there = ", ".join(settings.every_fleet)
        raise ConfigurationError(
            f"there is no fleet {fleet} in the configuration; there is {there}"
        )
    found = [
        one
        for one in given
        if part in (None, one.part) and (not fleet or not one.fleets or fleet in one.fleets)
    ]
    if part is not None and not found:
        raise ConfigurationError(f"nobody here needs --for {part}: no fleet names a role")
    return found


def _print(
    settings: Settings, given: Sequence[Grant], form: Form, *, whole: bool, trusted: bool
) -> None:
    if form is Form.CLOUDFORMATION:
        told: object = as_template(settings.installation, given)
    elif whole and form is Form.JSON:
        told = as_json(given)
    elif trusted or form is Form.JSON:
        one = _only(given)
        told = one.trust_policy if trusted else one.policy
    else:
        print_grants(given)
        return
    print(json.dumps(told, indent=2))


def _only(given: Sequence[Grant]) -> Grant:
    if len(given) == 1:
        return given[0]
    if len({one.part for one in given}) > 1:
        raise ConfigurationError("--trust is of one role: say whose by --for")
    fleets = ", ".join(one.fleets[0] for one in given)
    raise ConfigurationError(
        f"fleets have roles of their own here; name one of them by --fleet: {fleets}"
    )
