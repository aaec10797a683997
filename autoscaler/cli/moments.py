"""Times as people give them to a verb."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from autoscaler.core.errors import ConfigurationError


def moment_of(option: str, written: str, now: float, zone: tzinfo = UTC) -> float:
    """Seconds since the epoch of a time of today, such as 12:04, or of a date and time.

    Args:
        option: which asks for it, for the sentence where it cannot be read.
        written: ISO 8601; a time zone in it goes before ``zone``.
        now: seconds since the epoch, for what today is there.
        zone: where the clock hangs that the time was read from.
    """
    today = datetime.fromtimestamp(now, zone).date().isoformat()
    for text in (written, f"{today}T{written}"):
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()
    raise ConfigurationError(
        f"{option} {written} is no time; write one of today such as 12:04, or 2026-01-31T12:04Z"
    )
