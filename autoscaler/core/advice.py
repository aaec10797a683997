"""Asking a policy so that whatever it does, the tick goes on and no limit is broken."""

from __future__ import annotations

import math
from dataclasses import fields

from autoscaler.core.model import Advice, Cause, Observation, Reason
from autoscaler.core.rules import Policy

_COUNTS = ("want", "at_least", "at_most")
_TIMES = ("stay_until", "look_again_at")


def ask(policy: Policy, seen: Observation, name: str) -> tuple[Advice, Reason]:
    """A policy's advice and the reason that goes with it.

    Where a need is unknown it abstains; where it raises or answers nonsense, its advice is
    dropped and the reason names it.
    """
    unknown = [need.what for need in policy.needs if not need.known(seen)]
    if unknown:
        text = f"{name} abstains: {' and '.join(unknown)} unknown."
        return Advice.abstain(text), Reason(Cause.ABSTAINED, text, seen.queue, name)
    advice, flaw = _answer(policy, seen)
    if flaw:
        text = f"{name} is left out: {flaw}."
        return Advice.abstain(text), Reason(Cause.POLICY_FAILED, text, seen.queue, name)
    cause = Cause.ABSTAINED if advice.abstained else Cause.WANT
    return advice, Reason(cause, advice.why or f"{name} gives no reason.", seen.queue, name)


def _answer(policy: Policy, seen: Observation) -> tuple[Advice, str | None]:
    try:
        advice = policy.advise(seen)
    except Exception as error:  # noqa: BLE001 - anyone's code runs here, and none may stop a tick
        return Advice(), f"it raised {type(error).__name__}: {error}"
    return advice, flaw_in(advice)


def flaw_in(advice: object) -> str | None:
    """What makes an answer unusable, if anything: a wrong type, a negative count, NaN."""
    if not isinstance(advice, Advice):
        return f"it answered {type(advice).__name__} instead of advice"
    for field in fields(advice):
        value = getattr(advice, field.name)
        if value is not None and (wrong := _flaw(field.name, value)):
            return f"{field.name} is {wrong}"
    return None


def _flaw(name: str, value: object) -> str | None:
    if name in _COUNTS:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole and value >= 0 else f"{value!r}, not a count"  # type: ignore[operator]
    if name in _TIMES:
        return None if _finite(value) else f"{value!r}, not a time"
    if name == "spot_share":
        share = _finite(value) and 0.0 <= float(value) <= 1.0  # type: ignore[arg-type]
        return None if share else f"{value!r}, not a share from 0 to 1"
    return None


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
