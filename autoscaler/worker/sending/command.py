"""`autoscaler send`: lines in, ids out."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from autoscaler.worker.errors import UserError, WorkerError
from autoscaler.worker.parser import Parser
from autoscaler.worker.sending.progress import Progress
from autoscaler.worker.sending.reading import Line, json_lines, text_lines

if TYPE_CHECKING:
    from autoscaler.worker.sending.outgoing import Sent

BUCKET = "AUTOSCALER_SEND_BUCKET"
STATUS_DB = "AUTOSCALER_WORKER_STATUS_DB"


def main(arguments: Sequence[str] | None = None) -> int:
    """Send what a file or standard input holds.

    Returns 0 when all of it was sent, 1 when some was not, 2 for a mistake of the user.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        return _send(_parser(os.environ).parse_args(given))
    except SystemExit as asked:  # argparse has printed the help
        return int(asked.code or 0)
    except UserError as error:
        sys.stderr.write(f"autoscaler send: {error}\n")
        return 2


def _send(asked: argparse.Namespace) -> int:
    from autoscaler.worker.sending.post import Post  # noqa: PLC0415 - boto3 takes 150 ms

    with _source(asked.file) as source:
        post = Post.open(asked.queue, asked.bucket, asked.status_db)
        progress = Progress(source, sys.stderr)
        told = _Told(as_json=asked.output == "json")
        try:
            for some in post.send(_lines(source, asked)):
                progress.clear()
                told.tell(some)
                progress.show(told.sent, told.refused)
        except WorkerError as error:
            told.stopped = str(error)
        except KeyboardInterrupt:
            told.stopped = "it was interrupted"
        finally:
            progress.clear()
        return told.end()


def _lines(source: BinaryIO, asked: argparse.Namespace) -> Iterator[Line]:
    """Read line by line: `tell` works beside `readline`, and not beside iterating."""
    lines = iter(source.readline, b"")
    return json_lines(lines, asked.group) if asked.jsonl else text_lines(lines, asked.group)


class _Told:
    """Prints ids on standard output and troubles on standard error; never a body."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self.sent = self.refused = 0
        self.stopped: str | None = None

    def tell(self, some: "Sequence[Sent]") -> None:
        for each in some:
            if each.error is None:
                self.sent += 1
            else:
                self.refused += 1
                sys.stderr.write(f"autoscaler send: line {each.number}: {each.error}\n")
            self._print(each)
        sys.stdout.flush()

    def _print(self, each: "Sent") -> None:
        if self._as_json:
            facts = {"line": each.number, "id": each.id, "error": each.error}
            sys.stdout.write(json.dumps(facts) + "\n")
        elif each.id is not None:
            sys.stdout.write(each.id + "\n")

    def end(self) -> int:
        """Print the summary and return the exit status."""
        if self.stopped is not None:
            after = self.sent + self.refused
            sys.stderr.write(f"autoscaler send: stopped after line {after}: {self.stopped}\n")
        sys.stderr.write(f"{self.sent} sent, {self.refused} not sent\n")
        return 1 if self.refused or self.stopped is not None else 0


@contextmanager
def _source(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as source:
            yield source
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="autoscaler send",
        allow_abbrev=False,
        description="Send each line of a file or of standard input as a message; print the ids.",
        epilog="Example: seq 100 | autoscaler send thumbnails. "
        "Exit status: 0 done, 1 some lines were not sent, 2 wrong usage.",
    )
    parser.add_argument("queue", metavar="QUEUE", help="the queue's name or URL")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="a file, or - [default -]"
    )
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help="each line is an object: body, and if wanted attributes, group, deduplication_id, "
        "delay_seconds",
    )
    parser.add_argument("--group", metavar="ID", help="message group of lines without their own")
    parser.add_argument(
        "--bucket",
        metavar="NAME",
        default=environment.get(BUCKET) or None,
        help=f"put bodies that are too large for SQS into this bucket [{BUCKET}]",
    )
    parser.add_argument(
        "--status-db",
        metavar="URL|FILE",
        default=environment.get(STATUS_DB) or None,
        help=f"note messages as queued in this database [{STATUS_DB}]",
    )
    parser.add_argument(
        "-o", "--output", choices=("text", "json"), default="text", help="ids, or lines of JSON"
    )
    return parser
