"""The same observation, with more of what a law is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from autoscaler.conformance.chance import Chance
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Minute, Observation, Reading

_LARGE = 1e6


def broken_by(law: Law, less: Advice, more: Advice) -> str | None:
    """How the advice for more breaks the law; None: it does not."""
    for what in ("want", "at_least"):
        before, after = getattr(less, what), getattr(more, what)
        if before is not None and after is not None and after < before:
            return f"{law.value}, and {what} falls from {before} to {after}"
    return None


def raised(law: Law, seen: Observation, chance: Chance) -> Observation:
    """More messages, older ones or higher signals; what is unknown stays so."""
    return _RAISED[law](seen, chance)


def _more_messages(seen: Observation, chance: Chance) -> Observation:
    reading = seen.reading
    return _with(
        seen,
        replace(
            reading,
            visible=_added(reading.visible, chance),
            in_flight=_added(reading.in_flight, chance),
            delayed=_added(reading.delayed, chance),
        ),
    )


def _added(count: int | None, chance: Chance) -> int | None:
    return None if count is None else count + int(chance.more(_LARGE))


def _older(seen: Observation, chance: Chance) -> Observation:
    longer = chance.more(_LARGE)
    minutes = tuple(_aged(minute, longer) for minute in seen.reading.minutes)
    return _with(seen, replace(seen.reading, minutes=minutes))


def _aged(minute: Minute, longer: float) -> Minute:
    known = minute.oldest_age is not None
    return replace(minute, oldest_age=(minute.oldest_age or 0.0) + longer) if known else minute


def _higher(seen: Observation, chance: Chance) -> Observation:
    signals = {
        key: None if value is None else value + chance.more(_LARGE)
        for key, value in seen.signals.items()
    }
    return replace(seen, signals=signals)


def _with(seen: Observation, reading: Reading) -> Observation:
    return replace(seen, readings={**seen.readings, reading.queue: reading})


_RAISED: Mapping[Law, Callable[[Observation, Chance], Observation]] = {
    Law.MESSAGES: _more_messages,
    Law.AGE: _older,
    Law.SIGNALS: _higher,
}
