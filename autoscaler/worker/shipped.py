"""The hooks that come with the worker, for whoever asked for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscaler.worker.hooks import Hook
from autoscaler.worker.settings import Settings

if TYPE_CHECKING:
    from autoscaler.worker.telemetry.hook import Telemetry


@dataclass(frozen=True, slots=True)
class Shipped:
    """Telemetry and the status of messages; None: not asked for."""

    telemetry: "Telemetry | None"
    status: Hook | None

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """Return those there are, the quick one first."""
        return tuple(each for each in (self.telemetry, self.status) if each is not None)


def shipped(settings: Settings) -> Shipped:
    """Make what was asked for; raises UserError when the database cannot be used."""
    return Shipped(_telemetry(settings), _status(settings))


def _telemetry(settings: Settings) -> "Telemetry | None":
    if settings.emf_seconds is None and settings.health_port is None:
        return None
    from autoscaler.worker.telemetry.hook import Telemetry  # noqa: PLC0415 - only where wanted

    return Telemetry([queue.name for queue in settings.queues], settings.emf_seconds)


def _status(settings: Settings) -> Hook | None:
    if settings.status_db is None:
        return None
    from autoscaler.worker.status.opening import open_store  # noqa: PLC0415 - an extra

    store = open_store(settings.status_db)
    from autoscaler.worker.status.sink import StatusSink  # noqa: PLC0415 - known to be there now

    return StatusSink(store)
