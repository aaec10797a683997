"""Every setting there is: one table for flags, environment variables, defaults and help."""

from collections.abc import Callable
from dataclasses import dataclass

from autoscaler.worker.durations import parse_seconds
from autoscaler.worker.values import (
    as_text,
    circuit,
    epoch,
    limit,
    names,
    poll,
    signal_name,
    statuses,
    visibility,
    weight,
    whole,
    yes_or_no,
)

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


OPTIONS = (
    Option("queue", "NAME|URL,...", names, None, "the queue to drain, or several", listed=True),
    Option(
        "dispatched", "yes|no", yes_or_no, "no",
        "work on the messages this task was started for, instead of a queue's", bare="yes",
    ),
    Option(
        "handler", "PKG.MOD:FN", as_text, None, "the function, or coroutine function, to call",
        per_queue=True,
    ),
    Option(
        "exec", "COMMAND", as_text, None,
        "instead: a command to run for each message, its body on standard input",
    ),
    Option(
        "exec-stream", "COMMAND", as_text, None,
        "instead: a command that lives on and gets messages as lines of JSON",
    ),
    Option(
        "exec-retry", "STATUS,...", statuses, "75",
        "exit statuses of a command that mean: later, and no failure",
    ),
    Option(
        "exec-processes", "N", whole(1, 1000), None,
        "processes of --exec-stream; fewer than slots get several messages at a time "
        "(default: one a slot)",
    ),
    Option(
        "exec-stop", "SIGNAL", signal_name, None,
        "sent to commands at once when the worker is asked to stop; a message whose command it "
        "ends goes back (default: none, and TERM when the grace is over)",
    ),
    Option(
        "slots", "N", whole(1, 1000), None,
        "messages handled at a time (default: 1, with --forever 3)", aliases=("max-concurrent",),
    ),
    Option(
        "concurrency", "N", whole(1, 1000), None,
        "messages of one queue handled at a time (default: as many as slots)", per_queue=True,
    ),
    Option(
        "weight", "N", weight, "1",
        "a queue's share of the messages started, where several have work", per_queue=True,
    ),
    Option(
        "batch", "N", whole(1, 10), "10",
        "messages one receive asks for at most; FIFO groups spread best with 1", per_queue=True,
    ),
    Option(
        "poll", "TIME", poll, "1s",
        "how long a receive waits for a first message; short, so that fuller tasks win the work",
        per_queue=True,
    ),
    Option(
        "wait", "TIME", parse_seconds, "5s",
        "pause after an empty or short receive when every slot is free; less when fewer are",
        per_queue=True,
    ),
    Option(
        "visibility", "TIME", visibility, None,
        "how long a message stays hidden if this worker dies (default: the queue's own)",
        per_queue=True,
    ),
    Option(
        "time-limit", "TIME", limit, None,
        "a message handled for longer counts as failed (default: none)", per_queue=True,
    ),
    Option(
        "retry-cap", "TIME", parse_seconds, "5m",
        "longest pause before a failed message is tried again; the pause is 2^receives seconds",
        per_queue=True,
    ),
    Option(
        "circuit", "N/TIME|off", circuit, "10/5m",
        "leave with exit status 69 when so many different messages in a row fail within the time",
    ),
    Option(
        "minimum-stay", "TIME", parse_seconds, "60s",
        "do not leave earlier after the start; Fargate bills 60 s at least",
    ),
    Option(
        "stay-until", "EPOCH", epoch, None,
        "do not leave before this time; set by the controller (default: none)",
        variable="AUTOSCALER_STAY_UNTIL",
    ),
    Option(
        "forever", "yes|no", yes_or_no, "no", "never leave an empty queue: an always-on service",
        bare="yes",
    ),
    Option(
        "protect", "yes|no", yes_or_no, None,
        "ask ECS not to take this task away while messages are in hand, in a service "
        "(default: with --forever)",
        bare="yes",
    ),
    Option(
        "lifetime", "TIME", limit, None,
        "receive no more after so long, finish and leave (default: no limit)",
    ),
    Option(
        "grace", "TIME", parse_seconds, "25s",
        "time to finish after SIGTERM; at least 5s below the container's stopTimeout (30s)",
    ),
    Option(
        "health-port", "PORT", whole(0, 65_535), None,
        "serve /healthz for the container's health check, for example on 3003, and /metrics for "
        "Prometheus; 0 takes a free port (default: none)",
    ),
    Option(
        "emf", "TIME", limit, None,
        "log CloudWatch metrics so often; they cost money (default: never)",
    ),
    Option(
        "status-db", "URL|FILE", as_text, None,
        "note what becomes of each message in this database, or in this SQLite file "
        "(default: nowhere)",
    ),
    Option(
        "hook", "PKG.MOD:FACTORY,...", names, None,
        "makes what is told of every message received, started, done, failed and given back",
        listed=True,
    ),
)  # fmt: skip
