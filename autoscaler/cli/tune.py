"""`autoscaler tune`: the cheapest policies that keep a promise on a queue's history."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autoscaler.cli.extras import extra
from autoscaler.cli.options import ConfigFiles
from autoscaler.cli.trace_options import Force
from autoscaler.cli.trial_options import Promise, Queue, Work, World

if TYPE_CHECKING:
    from autoscaler.cli.tuning import Recommendation


class Shown(StrEnum):
    """How the result is shown."""

    TABLE = "table"
    JSON = "json"


def tune(
    trace: Annotated[Path, typer.Option(help="File with the queue's history.")],
    promise: Promise = "10m",
    config: ConfigFiles = [],  # noqa: B006 - typer copies it
    policy: Annotated[
        list[str], typer.Option(help="Policy to search; give it again for others. Else all.")
    ] = [],  # noqa: B006
    trials: Annotated[int, typer.Option(min=1, help="Candidates to try.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same finds the same.")] = 0,
    jobs: Annotated[
        int, typer.Option(min=1, help="Candidates at a time, each in a process of its own.")
    ] = 1,
    study_storage: Annotated[
        str | None,
        typer.Option(help="URL of a database in which several machines share the search."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write the recommended YAML to.")
    ] = None,
    force: Force = False,
    queue: Queue = None,
    world: World = None,
    work: Work = None,
    shown: Annotated[
        Shown, typer.Option("--format", "-o", help="For people or for programs.")
    ] = Shown.TABLE,
) -> int:
    """Search policies and their options for the cheapest that keeps a promise; nothing asks AWS.

    The search sees the first 70 % of the history; what it finds is validated on the rest. What
    your configuration says of the fleet stays, and period and limits are searched where it says
    nothing. Exit status 1 if no candidate keeps the promise.

    Example: autoscaler tune --trace july.csv.gz --promise 10m --output tuned.yaml
    """
    with extra("sim"):
        from autoscaler.cli import tuning  # noqa: PLC0415 - numpy, numba and Optuna are an extra
    asked = tuning.Asked(
        trace, promise, tuple(config), tuple(policy), trials, seed, study_storage, queue, world,
        work, jobs,
    )  # fmt: skip
    target = tuning.Target(output, force)
    target.check()
    found = tuning.tune(asked)
    target.write(found)
    _tell(found, shown, output)
    return 0 if found.yaml else 1


def _tell(found: Recommendation, shown: Shown, output: Path | None) -> None:
    from autoscaler.cli.tune_text import failure, report  # noqa: PLC0415 - needs the extra

    if shown is Shown.JSON:
        print(json.dumps(found.to_json(), indent=2))
    else:
        report(found, output)
    if not found.yaml:
        print(f"autoscaler: {failure(found)}", file=sys.stderr)
