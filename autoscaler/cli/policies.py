"""`autoscaler policies`: those there are, with their options, and whether one keeps its word."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from autoscaler import plugins
from autoscaler.cli.options import Output, OutputFormat
from autoscaler.config.policy_options import Option, first_sentence, make_policy, options_of
from autoscaler.conformance import check as conforms
from autoscaler.core.errors import ConfigurationError

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@app.callback()
def policies(context: typer.Context, output: OutputFormat = Output.TEXT) -> int:
    """List the policies that are found here, ours and installed ones, with their options.

    Exit status 1 if one that is installed cannot be loaded.

    Example: autoscaler policies -o json
    """
    if context.invoked_subcommand:
        return 0
    told = [_told(name) for name in plugins.names()]
    if output is Output.JSON:
        print(json.dumps(told, indent=2))
    else:
        print("\n\n".join("\n".join(_lines(one)) for one in told))
    return int(any("trouble" in one for one in told))


@app.command("check")
def check(
    policy: Annotated[str, typer.Argument(help="A name of the list, or my_package:MyPolicy.")],
    options: Annotated[
        str, typer.Option(help="What to make it with, in YAML: '{messages_per_task: 5}'.")
    ] = "{}",
    seed: Annotated[int, typer.Option(help="Another one makes other observations.")] = 0,
    observations: Annotated[int, typer.Option(min=1, help="How many it is shown.")] = 300,
    output: OutputFormat = Output.TEXT,
) -> int:
    """Run the conformance suite on POLICY: pure, total, finite, lawful, fast.

    Exit status 1 if it fails.

    Example: autoscaler policies check my_package:MyPolicy --options '{tasks: 3}'
    """
    made = make_policy(_class(policy), options, "--options")
    report = conforms(made, seed=seed, observations=observations)
    print(json.dumps(report.to_json(), indent=2) if output is Output.JSON else report)
    return int(not report.passed)


def _class(policy: str) -> type[Any]:
    if ":" not in policy:
        return plugins.find(policy)
    here = str(Path.cwd())
    if here not in sys.path:  # as `python -m` does, for a policy that is not installed yet
        sys.path.insert(0, here)
    return plugins.load(policy)


def _told(name: str) -> dict[str, Any]:
    try:
        cls = plugins.find(name)
        options = [asdict(option) for option in options_of(cls)]
    except ConfigurationError as error:
        return {"name": name, "trouble": str(error)}
    return {
        "name": name,
        "class": f"{cls.__module__}:{cls.__qualname__}",
        "doc": first_sentence(cls.__doc__ or ""),
        "options": options,
    }


def _lines(told: dict[str, Any]) -> Iterator[str]:
    if "trouble" in told:
        yield f"{told['name']}: {told['trouble']}"
        return
    yield f"{told['name']}: {told['doc']}"
    for given in told["options"]:
        option = Option(**given)
        default = "required" if option.required else _default(option.default)
        yield f"  {option.name:<20} {default:<28} {option.type}"
        if option.doc:
            yield f"  {'':<20} {option.doc}"


def _default(value: Any) -> str:
    return "" if value is None else json.dumps(value)
