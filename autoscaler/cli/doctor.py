"""`autoscaler doctor`: what is wrong in the account, why it matters and how to mend it."""

from __future__ import annotations

import json
import time
from contextlib import closing
from difflib import get_close_matches
from typing import Annotated, Any

import typer

from autoscaler.aws.clients import Clients
from autoscaler.cli.doctor_text import print_checks, print_verdicts
from autoscaler.cli.options import ConfigFiles, Output, OutputFormat, settings_from
from autoscaler.core.errors import ConfigurationError
from autoscaler.operations.doctor.check import Check
from autoscaler.operations.doctor.checks import EVERY, OF_A_FUNCTION
from autoscaler.operations.doctor.examination import examine, has_problem
from autoscaler.operations.doctor.gathering import Request, gather
from autoscaler.operations.doctor.telling import told_check, told_verdicts


def doctor(
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    only: Annotated[
        list[str],
        typer.Option(metavar="CHECK", help="Only this check; give it again for others."),
    ] = [],  # noqa: B006 - typer copies it
    list_checks: Annotated[bool, typer.Option("--list", help="Print what there is.")] = False,
    role: Annotated[
        str | None,
        typer.Option(metavar="ARN", help="The controller's role, where you are somebody else."),
    ] = None,
    function: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The Lambda function the controller runs in, if any."),
    ] = None,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Look for what keeps queues from being served; nothing is changed.

    Exit status 1 if a problem was found; advice, and what could not be looked at, is told.

    Example: autoscaler doctor --config autoscaler.yaml --only visibility-tight
    """
    checks = _chosen(only)
    if list_checks:
        _list(checks, output)
        return 0
    if function is None:
        checks = _without_function(checks, only)
    request = Request(settings_from(config), time.time, role, function)
    with closing(Clients()) as clients:
        verdicts = examine(gather(request, clients), checks)
    if output is Output.JSON:
        print(json.dumps(told_verdicts(verdicts), indent=2))
    else:
        print_verdicts(verdicts)
    return 1 if has_problem(verdicts) else 0


def _chosen(names: list[str]) -> list[Check[Any]]:
    known = {one.id: one for one in EVERY}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "--list shows what there is"
            raise ConfigurationError(f"there is no check {name}; {hint}")
    return [one for one in EVERY if not names or one.id in names]


def _without_function(checks: list[Check[Any]], only: list[str]) -> list[Check[Any]]:
    for one in OF_A_FUNCTION:
        if one.id in only:
            raise ConfigurationError(f"{one.id} looks at a Lambda function; name it by --function")
    return [one for one in checks if one not in OF_A_FUNCTION]


def _list(checks: list[Check[Any]], output: Output) -> None:
    if output is Output.JSON:
        print(json.dumps([told_check(one) for one in checks], indent=2))
    else:
        print_checks(checks)
