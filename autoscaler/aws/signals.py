"""The port ``Signals`` on CloudWatch and HTTP."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.http_numbers import HttpNumbers
from autoscaler.aws.metric_signals import MetricSignals
from autoscaler.core.model import Unknown
from autoscaler.core.settings import Settings
from autoscaler.core.signals import HttpNumber, Signal


class AwsSignals:
    """Fetches signals: CloudWatch's in their fleet's region and role, all questions together.

    A signal that cannot be fetched is unknown and says why; nothing is raised.
    """

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._places = {
            name: Place(clients.region(fleet.region), fleet.role)
            for name, fleet in settings.every_fleet.items()
        }
        self._metrics = MetricSignals(clients)
        self._http = HttpNumbers(clients.parallel)

    def fetch(
        self, wanted: Mapping[str, Collection[Signal]], now: float
    ) -> Mapping[str, Mapping[str, float | Unknown]]:
        """Each fleet's signals by their keys; finite, or why it is unknown."""
        asked = [(fleet, one) for fleet, signals in wanted.items() for one in signals]
        metrics = self._metrics.begin(
            [(self._places[f], one) for f, one in asked if not isinstance(one, HttpNumber)], now
        )
        numbers = self._http.begin(
            {one.key: one for _, one in asked if isinstance(one, HttpNumber)}.values()
        )
        from_metrics = {key: value for one in metrics for key, value in one.result().items()}
        from_http = {key: value for one in numbers for key, value in one.result().items()}
        return {
            fleet: {
                one.key: from_http[one.key]
                if isinstance(one, HttpNumber)
                else from_metrics[self._places[fleet], one.key]
                for one in signals
            }
            for fleet, signals in wanted.items()
        }
