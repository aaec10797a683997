"""How far sending has come, on a terminal; nothing anywhere else."""

import os
import stat
import time
from typing import BinaryIO, TextIO

REDRAW_SECONDS = 0.1
WIDTH = 30
_CLEAR = "\r\x1b[K"


class Progress:
    """A line that is drawn again and again; with a bar where the input's end is known."""

    def __init__(self, source: BinaryIO, screen: TextIO) -> None:
        self._source, self._screen = source, screen
        self._total = _size(source)
        self._shown = screen.isatty()
        self._next = 0.0

    def show(self, sent: int, refused: int) -> None:
        """Draw, unless that was done just now."""
        if self._shown and time.monotonic() >= self._next:
            self._next = time.monotonic() + REDRAW_SECONDS
            failed = f", {refused:,} refused" if refused else ""
            self._screen.write(f"{_CLEAR}{self._bar()}{sent:,} sent{failed}")
            self._screen.flush()

    def clear(self) -> None:
        """Leave the line for others to write on."""
        if self._shown:
            self._screen.write(_CLEAR)
            self._screen.flush()

    def _bar(self) -> str:
        if not self._total:
            return ""
        share = min(1.0, self._source.tell() / self._total)
        done = round(share * WIDTH)
        return f"[{'#' * done}{'.' * (WIDTH - done)}] {share:4.0%}  "


def _size(source: BinaryIO) -> int | None:
    """Return a file's size in bytes; None for a pipe or a terminal."""
    try:
        found = os.fstat(source.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
