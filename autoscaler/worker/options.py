"""Every setting there is: one table for flags, environment variables, defaults and help."""

import math
import signal
from collections.abc import Callable
from dataclasses import dataclass

from autoscaler.worker.durations import parse_seconds

PREFIX = "AUTOSCALER_WORKER_"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: its flag, how it is read, its default as people write it, and its help.

    Where it is `per_queue`, `VALUE` counts for every queue and `QUEUE=VALUE` for one of them;
    several are separated by commas or given one by one.
    """

    flag: str
    metavar: str
    read: Callable[[str], object]
    default: str | None
    help: str
    per_queue: bool = False
    variable: str = ""
    aliases: tuple[str, ...] = ()
    listed: bool = False
    """Whether several may be given, one by one or separated by commas."""
    bare: str | None = None
    """What the flag means without a value."""

    @property
    def name(self) -> str:
        """Return what argparse calls it."""
        return self.flag.replace("-", "_")

    @property
    def variables(self) -> tuple[str, ...]:
        """Return the names of its environment variables."""
        flags = (self.flag, *self.aliases)
        own = (PREFIX + flag.upper().replace("-", "_") for flag in flags)
        return (self.variable,) if self.variable else tuple(own)


def _text(text: str) -> str:
    return text


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and lowest <= int(text) <= highest):
            raise ValueError(f"{text!r} is not a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 < weight <= 1000:
        raise ValueError(f"{text!r} is not a weight: a number above 0, up to 1000")
    return weight


def _visibility(text: str) -> int:
    seconds = math.ceil(parse_seconds(text))
    if not 1 <= seconds <= 43_195:
        raise ValueError(f"{text!r} is not between 1s and 12h less 5s, which is what SQS allows")
    return seconds


def _poll(text: str) -> int:
    seconds = parse_seconds(text)
    if seconds > 20 or seconds != int(seconds):
        raise ValueError(f"{text!r} is not 0s to 20s in whole seconds, which is what SQS allows")
    return int(seconds)


def _limit(text: str) -> float:
    seconds = parse_seconds(text)
    if seconds == 0:
        raise ValueError("a limit of 0 leaves no time for any message; leave it out for no limit")
    return seconds


def _epoch(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < 1e11:  # 1e11 s is in the year 5138: those were milliseconds
        raise ValueError(f"{text!r} is not a time in seconds since 1970")
    return seconds


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _statuses(text: str) -> frozenset[int]:
    read = _whole(1, 255)
    return frozenset(read(name) for name in _names(text))


def _signal(text: str) -> int:
    try:
        return signal.Signals["SIG" + text.upper().removeprefix("SIG")]
    except KeyError:
        raise ValueError(f"{text!r} is not the name of a signal, such as TERM or USR1") from None


def _yes(text: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in answers:
        raise ValueError(f"{text!r} is neither yes nor no")
    return answers[text.lower()]


def _circuit(text: str) -> tuple[int, float]:
    """Read `10/5m` as failures and seconds; `off` as no number of failures."""
    count, slash, within = text.partition("/")
    if text == "off":
        return 0, 0.0
    if not slash:
        raise ValueError(f"{text!r} is not written as failures/time, as in 10/5m, or off")
    return _whole(1, 10_000)(count), parse_seconds(within)


OPTIONS = (
    Option("queue", "NAME|URL,...", _names, None, "the queue to drain, or several", listed=True),
    Option(
        "dispatched", "yes|no", _yes, "no",
        "work on the messages this task was started for, instead of a queue's", bare="yes",
    ),
    Option(
        "handler", "PKG.MOD:FN", _text, None, "the function, or coroutine function, to call",
        per_queue=True,
    ),
    Option(
        "exec", "COMMAND", _text, None,
        "instead: a command to run for each message, its body on standard input",
    ),
    Option(
        "exec-stream", "COMMAND", _text, None,
        "instead: a command that lives on and gets messages as lines of JSON",
    ),
    Option(
        "exec-retry", "STATUS,...", _statuses, "75",
        "exit statuses of a command that mean: later, and no failure",
    ),
    Option(
        "exec-processes", "N", _whole(1, 1000), None,
        "processes of --exec-stream; fewer than slots get several messages at a time "
        "(default: one a slot)",
    ),
    Option(
        "exec-stop", "SIGNAL", _signal, None,
        "sent to commands at once when the worker is asked to stop; a message whose command it "
        "ends goes back (default: none, and TERM when the grace is over)",
    ),
    Option(
        "slots", "N", _whole(1, 1000), None,
        "messages handled at a time (default: 1, with --forever 3)", aliases=("max-concurrent",),
    ),
    Option(
        "concurrency", "N", _whole(1, 1000), None,
        "messages of one queue handled at a time (default: as many as slots)", per_queue=True,
    ),
    Option(
        "weight", "N", _weight, "1",
        "a queue's share of the messages started, where several have work", per_queue=True,
    ),
    Option(
        "batch", "N", _whole(1, 10), "10",
        "messages one receive asks for at most; FIFO groups spread best with 1", per_queue=True,
    ),
    Option(
        "poll", "TIME", _poll, "1s",
        "how long a receive waits for a first message; short, so that fuller tasks win the work",
        per_queue=True,
    ),
    Option(
        "wait", "TIME", parse_seconds, "5s",
        "pause after an empty or short receive when every slot is free; less when fewer are",
        per_queue=True,
    ),
    Option(
        "visibility", "TIME", _visibility, None,
        "how long a message stays hidden if this worker dies (default: the queue's own)",
        per_queue=True,
    ),
    Option(
        "time-limit", "TIME", _limit, None,
        "a message handled for longer counts as failed (default: none)", per_queue=True,
    ),
    Option(
        "retry-cap", "TIME", parse_seconds, "5m",
        "longest pause before a failed message is tried again; the pause is 2^receives seconds",
        per_queue=True,
    ),
    Option(
        "circuit", "N/TIME|off", _circuit, "10/5m",
        "leave with exit status 69 when so many different messages in a row fail within the time",
    ),
    Option(
        "minimum-stay", "TIME", parse_seconds, "60s",
        "do not leave earlier after the start; Fargate bills 60 s at least",
    ),
    Option(
        "stay-until", "EPOCH", _epoch, None,
        "do not leave before this time; set by the controller (default: none)",
        variable="AUTOSCALER_STAY_UNTIL",
    ),
    Option(
        "forever", "yes|no", _yes, "no", "never leave an empty queue: an always-on service",
        bare="yes",
    ),
    Option(
        "lifetime", "TIME", _limit, None,
        "receive no more after so long, finish and leave (default: no limit)",
    ),
    Option(
        "grace", "TIME", parse_seconds, "25s",
        "time to finish after SIGTERM; at least 5s below the container's stopTimeout (30s)",
    ),
    Option(
        "health-port", "PORT", _whole(0, 65_535), None,
        "serve /healthz for the container's health check, for example on 3003, and /metrics for "
        "Prometheus; 0 takes a free port (default: none)",
    ),
    Option(
        "emf", "TIME", _limit, None,
        "log CloudWatch metrics so often; they cost money (default: never)",
    ),
    Option(
        "status-db", "URL|FILE", _text, None,
        "note what becomes of each message in this database, or in this SQLite file "
        "(default: nowhere)",
    ),
    Option(
        "hook", "PKG.MOD:FACTORY,...", _names, None,
        "makes what is told of every message received, started, done, failed and given back",
        listed=True,
    ),
)  # fmt: skip
