"""How one queue stands: its mode, who works on it, what its season says."""

from __future__ import annotations

from dataclasses import dataclass

from autoscaler.aws.clients import Clients
from autoscaler.core.modes import Calendar, Mode
from autoscaler.operations.mode.looking import look
from autoscaler.operations.mode.plan import consumers, now
from autoscaler.operations.mode.refusing import refusals
from autoscaler.operations.mode.seen import Seen
from autoscaler.operations.mode.subject import Subject

_YEARS_AHEAD = 366 * 86_400 * 9
"""29 February may be so far away."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What `autoscaler mode show` tells of a queue."""

    queue: str
    seen: Seen
    mode: Mode | None
    """None: between two of them."""
    consumers: tuple[str, ...]
    troubles: tuple[str, ...]
    """What stands against a change."""
    season: Mode | None = None
    """The mode that its calendar wants now; None: it has none."""
    until: str | None = None
    """Until when, on the calendar's own clock; None: for ever."""


def sight(clients: Clients, queue: str, subject: Subject, at: float) -> Sight:
    """Look at one queue. Raises AutoscalerError."""
    seen, modes = look(clients, subject), subject.modes
    troubles = refusals(seen, modes, subject.container)
    return Sight(
        queue,
        seen,
        None if troubles else now(seen, modes, subject.container),
        consumers(seen, modes, subject.container),
        troubles,
        modes.season.mode(at) if modes.season else None,
        _until(modes.season, at) if modes.season else None,
    )


def _until(season: Calendar, at: float) -> str | None:
    change = next(season.changes(at, at + _YEARS_AHEAD), None)
    return season.wall(change[0]) if change else None
