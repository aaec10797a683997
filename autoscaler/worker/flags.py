"""Reads the table of options from a command line and an environment."""

import argparse
from collections.abc import Mapping, Sequence

from autoscaler.worker.errors import UserError
from autoscaler.worker.options import OPTIONS, Option
from autoscaler.worker.parser import Parser
from autoscaler.worker.per_queue import read_per_queue


def parse(arguments: Sequence[str], environment: Mapping[str, str]) -> argparse.Namespace:
    """Return every option's value, read; raises UserError, and SystemExit for `--help`."""
    given = _parser().parse_args(arguments)
    read = {option.name: _read(option, getattr(given, option.name), environment)
            for option in OPTIONS}  # fmt: skip
    return argparse.Namespace(**read)


def _read(option: Option, given: list[str] | None, environment: Mapping[str, str]) -> object:
    """Read one option: what was given, else its variable, else its default."""
    set_by = next((name for name in option.variables if environment.get(name)), None)
    texts = given or ([environment[set_by]] if set_by else [])
    source = f"--{option.flag}" if given else set_by or option.flag
    try:
        return _value(option, texts)
    except ValueError as error:
        names = " or ".join(option.variables)
        raise UserError(
            f"{source}: {error} (--{option.flag} or {names} sets it); "
            "see `autoscaler worker --help`"
        ) from error


def _value(option: Option, texts: Sequence[str]) -> object:
    if option.per_queue:
        return read_per_queue(option.flag, texts, option.default, option.read)
    if option.listed:
        return option.read(",".join(texts) or option.default or "")
    text = texts[-1] if texts else option.default
    return None if text is None else option.read(text)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="autoscaler worker",
        allow_abbrev=False,
        description="Drain SQS queues with a handler of yours, then exit.",
        epilog="An option marked * can be set for one queue of several as QUEUE=VALUE. "
        "`autoscaler worker status` tells what became of messages. "
        "Example: autoscaler worker --queue thumbnails --handler app.thumbs:make --slots 4. "
        "Exit status: 0 done, 1 given up, 2 wrong usage, 69 what the handler needs is unavailable.",
    )
    for option in OPTIONS:
        _add(parser, option)
    return parser


def _add(parser: argparse.ArgumentParser, option: Option) -> None:
    default = f", default {option.default}" if option.default else ""
    mark = "*" if option.per_queue else ""
    parser.add_argument(
        *(f"--{flag}" for flag in (option.flag, *option.aliases)),
        action="append",
        dest=option.name,
        metavar=option.metavar,
        nargs=None if option.bare is None else "?",
        const=option.bare,
        help=f"{option.help} {mark}[{', '.join(option.variables)}{default}]",
    )
