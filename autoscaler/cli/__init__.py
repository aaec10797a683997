"""The command line: one file a verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_EXTRA = "The command line needs the extra `cli`: pip install 'queue-autoscaler[cli]'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status: 0 done, 1 a negative answer, 2 wrong usage.

    The worker and the sender go their own way, so that an image with nothing else needs no more
    than boto3.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["worker"]:
        from autoscaler.worker import main as worker  # noqa: PLC0415

        return worker(given[1:])
    if given[:1] == ["send"]:
        from autoscaler.worker.sending.command import main as send  # noqa: PLC0415

        return send(given[1:])
    if given[:2] == ["completion", "names"]:  # asked by shells, while somebody waits
        from autoscaler.cli.completing.names import main as names  # noqa: PLC0415

        return names(given[2:])
    try:
        from autoscaler.cli.app import run  # noqa: PLC0415 - typer takes 50 ms
    except ModuleNotFoundError as error:
        if error.name not in ("typer", "rich"):
            raise
        print(_EXTRA, file=sys.stderr)
        return 2
    return run(given)
