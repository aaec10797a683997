"""Reloading the configuration while the service runs: a bad file keeps the old one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from autoscaler.core.errors import AutoscalerError
from autoscaler.core.settings import Settings

_log = structlog.get_logger("autoscaler")

T = TypeVar("T")
Stamp = tuple[tuple[int, int] | None, ...]


class Reloading(Generic[T]):
    """What was built from the configuration, built anew when its files change or on request.

    ``build`` gets validated settings and may refuse them by raising as well; ``told`` is called
    with how each reload went, ``done`` or ``refused``.
    """

    def __init__(
        self,
        files: Sequence[Path],
        load: Callable[[], Settings],
        build: Callable[[Settings], T],
        told: Callable[[str], None],
    ) -> None:
        self._files, self._load, self._build, self._told = files, load, build, told
        self._stamp = self._look()
        self._asked = False
        self._current: T = build(load())

    def ask(self, *_: object) -> None:
        """Reload before the next tick, changed or not: for SIGHUP."""
        self._asked = True

    def current(self) -> T:
        """What the newest good configuration was built into."""
        stamp = self._look()
        if self._asked or stamp != self._stamp:
            self._asked, self._stamp = False, stamp
            self._try()
        return self._current

    def _try(self) -> None:
        try:
            self._current = self._build(self._load())
        except AutoscalerError as error:
            _log.error("reload_refused", why=str(error), kept="the configuration in force")
            self._told("refused")
        else:
            _log.info("reloaded")
            self._told("done")

    def _look(self) -> Stamp:
        """What tells a changed file: its time and size; None while it is missing."""
        return tuple(_stamp(path) for path in self._files)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
