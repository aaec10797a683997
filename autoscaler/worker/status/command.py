"""`autoscaler worker status`: what became of messages, from the database."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from autoscaler.worker.parser import Parser
from autoscaler.worker.status.jobs import STATES, Job
from autoscaler.worker.status.opening import USUAL, open_store

VARIABLE = "AUTOSCALER_WORKER_STATUS_DB"


def status(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Print one message's status, or the newest ones; return 0, or 1 if the message is unknown.

    Raises UserError, and SystemExit for `--help`.
    """
    asked = _parser(environment).parse_args(arguments)
    store = open_store(asked.status_db, must_exist=True)
    from autoscaler.worker.status.store import told  # noqa: PLC0415 - an extra, now known to be there

    with told():
        if asked.id is None:
            return _print_newest(store.newest(asked.state, asked.limit), store.counts(), asked)
        return _print_one(store.find(asked.id), asked)


def _print_one(job: Job | None, asked: argparse.Namespace) -> int:
    if job is None:
        sys.stderr.write(f"autoscaler worker status: the message {asked.id} is not known\n")
        return 1
    if asked.output == "json":
        _write(json.dumps(asdict(job), indent=2))
        return 0
    for name, value in asdict(job).items():
        shown = _time(value) if name.endswith("_at") else value
        _write(f"{name:<12}{'' if shown is None else shown}".rstrip())
    return 0


def _print_newest(jobs: Sequence[Job], counts: Mapping[str, int], asked: argparse.Namespace) -> int:
    every = {state: counts.get(state, 0) for state in STATES}
    if asked.output == "json":
        _write(json.dumps({"counts": every, "messages": [asdict(job) for job in jobs]}, indent=2))
        return 0
    _write(", ".join(f"{count} {state}" for state, count in every.items()))
    for job in jobs:
        times = f"{job.attempts} receives, queued {_time(job.queued_at) or 'unknown'}"
        error = f": {job.error}" if job.error else ""
        _write(f"{job.id}  {job.queue}  {job.state:<10}  {times}{error}")
    return 0


def _time(seconds: object) -> str | None:
    if not isinstance(seconds, int | float):
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="autoscaler worker status",
        allow_abbrev=False,
        description="Tell what became of messages, as workers and senders noted it.",
        epilog="Example: autoscaler worker status --state failed. "
        "Exit status: 0 done, 1 the message is not known, 2 wrong usage.",
    )
    parser.add_argument("id", metavar="ID", nargs="?", help="one message's id")
    parser.add_argument("--state", choices=STATES, help="only messages of this state")
    parser.add_argument("--limit", type=_limit, default=20, help="most to list [default 20]")
    parser.add_argument(
        "--status-db",
        metavar="URL|FILE",
        default=environment.get(VARIABLE) or USUAL,
        help=f"the database, as the worker has it [{VARIABLE}, default {USUAL}]",
    )
    parser.add_argument(
        "-o", "--output", choices=("text", "json"), default="text", help="lines, or JSON"
    )
    return parser


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
