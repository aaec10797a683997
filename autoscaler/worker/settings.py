"""What can be set: each by a flag, by an environment variable, or left at its default."""

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from autoscaler.worker.durations import parse_seconds
from autoscaler.worker.errors import UserError

PREFIX = "AUTOSCALER_WORKER_"


@dataclass(frozen=True, slots=True)
class Settings:
    """A worker's settings, read and checked. None: not set."""

    queue: str
    handler: str
    slots: int
    wait_seconds: float
    minimum_stay_seconds: float
    grace_seconds: float
    visibility_seconds: int | None
    time_limit_seconds: float | None
    retry_cap_seconds: float
    stay_until_epoch: float | None
    hooks: tuple[str, ...]


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read flags first, then the environment, then defaults; raises UserError.

    Prints help and raises SystemExit for `--help`, as argparse does.
    """
    read = _parser(environment).parse_args(arguments)
    return Settings(
        queue=_given(read.queue, "--queue"),
        handler=_given(read.handler, "--handler"),
        slots=read.slots,
        wait_seconds=read.wait,
        minimum_stay_seconds=read.minimum_stay,
        grace_seconds=read.grace,
        visibility_seconds=read.visibility,
        time_limit_seconds=read.time_limit,
        retry_cap_seconds=read.retry_cap,
        stay_until_epoch=read.stay_until,
        hooks=read.hook or (),
    )


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: its flag, how it is read, its default as people write it, and its help."""

    flag: str
    metavar: str
    read: Callable[[str], object]
    default: str | None
    help: str
    variable: str = ""

    @property
    def environment(self) -> str:
        """Return the name of its environment variable."""
        return self.variable or PREFIX + self.flag.upper().replace("-", "_")


def _seconds(text: str) -> float:
    return parse_seconds(text)


def _slots(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise ValueError(f"{text!r} is not a whole number from 1 to 1000")
    return int(text)


def _visibility(text: str) -> int:
    seconds = math.ceil(parse_seconds(text))
    if not 1 <= seconds <= 43_195:
        raise ValueError(f"{text!r} is not between 1s and 12h less 5s, which is what SQS allows")
    return seconds


def _limit(text: str) -> float:
    seconds = parse_seconds(text)
    if seconds == 0:
        raise ValueError("a limit of 0 would fail every message; leave it out for no limit")
    return seconds


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _epoch(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < 1e11:  # 1e11 s is in the year 5138: those were milliseconds
        raise ValueError(f"{text!r} is not a time in seconds since 1970")
    return seconds


OPTIONS = (
    Option("queue", "NAME|URL", str, None, "the queue to drain"),
    Option("handler", "PKG.MOD:FN", str, None, "the function, or coroutine function, to call"),
    Option("slots", "N", _slots, "1", "messages handled at a time"),
    Option(
        "wait", "TIME", _seconds, "5s",
        "pause after an empty or short receive when every slot is free; less when fewer are",
    ),
    Option(
        "minimum-stay", "TIME", _seconds, "60s",
        "do not leave earlier after the start; Fargate bills 60 s at least",
    ),
    Option(
        "grace", "TIME", _seconds, "25s",
        "time to finish after SIGTERM; at least 5s below the container's stopTimeout (30s)",
    ),
    Option(
        "visibility", "TIME", _visibility, None,
        "how long a message stays hidden if this worker dies (default: the queue's own)",
    ),
    Option(
        "time-limit", "TIME", _limit, None,
        "a message handled for longer counts as failed (default: none)",
    ),
    Option(
        "retry-cap", "TIME", _seconds, "5m",
        "longest pause before a failed message is tried again; the pause is 2^receives seconds",
    ),
    Option(
        "stay-until", "EPOCH", _epoch, None,
        "do not leave before this time; set by the controller (default: none)",
        variable="AUTOSCALER_STAY_UNTIL",
    ),
    Option(
        "hook", "PKG.MOD:FACTORY,...", _names, None,
        "makes what is told of every message received, started, done, failed and given back",
    ),
)  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say it in one sentence, without the usage."""
        raise UserError(f"{message}; see `autoscaler worker --help`")


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="autoscaler worker",
        allow_abbrev=False,
        description="Drain an SQS queue with a handler of yours, then exit.",
        epilog="example: autoscaler worker --queue thumbnails --handler app.thumbs:make --slots 4",
    )
    for option in OPTIONS:
        _add(parser, option, environment)
    return parser


def _add(parser: argparse.ArgumentParser, option: Option, environment: Mapping[str, str]) -> None:
    name = option.environment

    def read(text: str) -> object:
        try:
            return option.read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{error} ({name} sets it too)") from error

    default = f", default {option.default}" if option.default else ""
    parser.add_argument(
        f"--{option.flag}",
        metavar=option.metavar,
        type=read,
        default=environment.get(name) or option.default,
        help=f"{option.help} [{name}{default}]",
    )


def _given(value: object, flag: str) -> str:
    if not value:
        name = PREFIX + flag.removeprefix("--").upper()
        raise UserError(f"{flag} is missing: give it or set {name}; see `autoscaler worker --help`")
    return str(value)
