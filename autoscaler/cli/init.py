"""`autoscaler init`: a first configuration from what exists."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from autoscaler.aws.clients import Clients
from autoscaler.cli.options import DEFAULT_FILE
from autoscaler.core.errors import ConfigurationError
from autoscaler.operations.existing import Existing, of_service, of_task_definition
from autoscaler.operations.first_file import FILL_IN, first_file


def init(
    queue: Annotated[str, typer.Option(help="The queue's URL, ARN or name.")],
    from_service: Annotated[
        str | None, typer.Option(help="ARN of the ECS service whose tasks work on it today.")
    ] = None,
    from_task_definition: Annotated[
        str | None, typer.Option(help="Family or ARN of the tasks to launch.")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Where tasks run; else as found.")] = None,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path(DEFAULT_FILE),
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> int:
    """Write a commented configuration for a queue, copied from a service or a task definition.

    Subnets, security groups, public address, container, region and size are looked up.

    Example: autoscaler init --queue thumbnails --from-task-definition queue-proc
    """
    if out.exists() and not force:
        raise ConfigurationError(f"{out} is there already; name another --out, or give --force")
    with closing(Clients()) as clients:
        text = first_file(queue, _existing(clients, from_service, from_task_definition, cluster))
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{out} cannot be written: {error.strerror}") from error
    print(f"wrote {out}; next: autoscaler config check --aws --config {out}")
    if from_task_definition and not cluster:
        told = "no cluster was named, so it is default; --cluster names another"
        print(f"autoscaler: {out}: {told}", file=sys.stderr)
    if FILL_IN in text:
        print(f"autoscaler: {out}: no network was found; {FILL_IN}", file=sys.stderr)
    return 0


def _existing(
    clients: Clients, service: str | None, definition: str | None, cluster: str | None
) -> Existing:
    if service and not definition:
        return of_service(clients, service, cluster)
    if definition and not service:
        return of_task_definition(clients, definition, cluster)
    raise ConfigurationError("give one of --from-service and --from-task-definition")
