"""Notices of the standalone service: told beside its ticks, counted and logged."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection

import structlog

from autoscaler.aws.clients import Clients
from autoscaler.core.ports import MemoryStore
from autoscaler.core.record import Record
from autoscaler.core.settings import Settings
from autoscaler.runtime.notices.assembly import notifier_for
from autoscaler.runtime.notices.beside import Beside
from autoscaler.runtime.notices.notifier import Notifier

_log = structlog.get_logger("autoscaler")


class ServiceNotices:
    """A place for records from which people are told what goes wrong.

    ``count`` is called with the place and how each notice went, ``begin`` with all places as soon
    as they are known.
    """

    def __init__(
        self,
        clients: Clients,
        count: Callable[[str, str], None],
        begin: Callable[[Collection[str]], None],
    ) -> None:
        self._clients, self._count, self._begin = clients, count, begin
        self._notifier: Notifier | None = None
        self._beside = Beside(lambda: self._notifier)

    def configure(self, settings: Settings, store: MemoryStore) -> None:
        """Tell whom these settings name, from the next round on.

        Raises:
            ConfigurationError: a variable with an address or a secret is not set.
        """
        self._notifier = notifier_for(settings, store, self._clients, os.environ, self._heard)
        self._begin(settings.notify.to)

    def write(self, record: Record) -> None:
        """Take one tick of one fleet."""
        if self._notifier is not None:
            self._beside.write(record)

    def close(self) -> None:
        """Let a round that is under way come to its end, within bounds."""
        self._beside.close()

    def _heard(self, place: str, outcome: str, why: str = "") -> None:
        self._count(place, outcome)
        if outcome == "failed":
            _log.warning("notice_failed", place=place, why=why)
