"""A trace's file, plain or gzip, as blocks of whole lines: memory stays small however long it is.

What a file is, is told by its first bytes and not by its name.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from autoscaler.simulation.traces.errors import TraceError, at_line

BLOCK = 1 << 20
"""Bytes, unpacked."""
LONGEST_LINE = 1 << 22
"""Bytes. A record of a tick has some ten thousand; what goes on and on is no text of lines."""

_GZIP = b"\x1f\x8b"  # [RFC 1952]
_MARK = "\ufeff"  # some programs begin a text with it to say that it is UTF-8


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole lines, and the number of the first."""

    line: int
    text: str


def blocks(path: Path) -> Iterator[Block]:
    """Read a file, its lines ended by line feeds whatever ended them before.

    Raises:
        TraceError: it cannot be read, is cut short, damaged or no text; with the line.
    """
    line, rest = 1, b""
    with _opened(path) as stream:
        while piece := _piece(stream, path, line):
            whole, end, rest = (rest + piece).rpartition(b"\n")
            if end:
                yield Block(line, _text(whole + end, path, line))
                line += whole.count(b"\n") + 1
            elif len(rest) > LONGEST_LINE:
                raise at_line(path, line, f"it is longer than {LONGEST_LINE:,} bytes: no trace")
    if rest:
        yield Block(line, _text(rest, path, line))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        try:
            plain = stack.enter_context(path.open("rb"))
            packed = plain.peek(2)[:2] == _GZIP  # a pipe has it as well, and cannot go back
        except OSError as error:
            raise TraceError(f"{path} cannot be read: {error.strerror}") from error
        yield cast(IO[bytes], gzip.GzipFile(fileobj=plain)) if packed else plain


def _piece(stream: IO[bytes], path: Path, line: int) -> bytes:
    try:
        return stream.read(BLOCK)
    except EOFError as error:
        raise at_line(path, line, "the gzip file was cut short here; get it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise at_line(path, line, f"the gzip file is damaged ({error}); get it again") from error
    except OSError as error:
        raise TraceError(f"{path} cannot be read: {error.strerror}") from error


def _text(found: bytes, path: Path, line: int) -> str:
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = line + found.count(b"\n", 0, error.start)
        raise at_line(path, wrong, "it is not UTF-8 text; save the file as UTF-8") from error
    return text.removeprefix(_MARK).replace("\r\n", "\n")
