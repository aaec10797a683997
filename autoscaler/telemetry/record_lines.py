"""Lines of records from a file of any size, plain or gzipped, or from standard input."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

from autoscaler.core.errors import RecordUnreadableError

LONGEST = 64 * 1024 * 1024
"""Bytes of a line that are kept; a record of a thousand tasks has some 300 kB. What is cut there is
no record any more: a file without line ends shall not fill the memory."""
_GZIP = b"\x1f\x8b"


def lines(source: str, longest: int = LONGEST) -> Iterator[str]:
    """The lines of a file, or of standard input for ``-``, one at a time.

    Raises:
        RecordUnreadableError: it cannot be opened, read or unpacked, or is no text.
    """
    try:
        with ExitStack() as stack:
            yield from _texts(_unpacked(_opened(source, stack), stack), longest)
    except UnicodeDecodeError as error:
        raise RecordUnreadableError(f"{source} is not text, and so no file of records") from error
    except (EOFError, zlib.error) as error:
        raise RecordUnreadableError(
            f"{source} ends in the middle of its gzip data: it was not written to its end"
        ) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise RecordUnreadableError(f"{source} cannot be read: {why}") from error


def _opened(source: str, stack: ExitStack) -> io.BufferedReader:
    if source == "-":
        return cast("io.BufferedReader", sys.stdin.buffer)
    return stack.enter_context(Path(source).open("rb"))


def _unpacked(file: io.BufferedReader, stack: ExitStack) -> IO[bytes]:
    """By its first bytes, as standard input has no name that could end in .gz."""
    packed = file.peek(len(_GZIP)).startswith(_GZIP)
    return cast("IO[bytes]", stack.enter_context(gzip.open(file))) if packed else file


def _texts(file: IO[bytes], longest: int) -> Iterator[str]:
    while line := file.readline(longest):
        yield line.decode()
        while len(line) == longest and not line.endswith(b"\n"):
            line = file.readline(longest)
