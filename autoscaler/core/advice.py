"""Asking a policy so that whatever it does, the tick goes on and no limit is broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from reprlib import repr as shortly

from autoscaler.core.codec import encode
from autoscaler.core.model import Advice, Cause, Observation, Reason
from autoscaler.core.needs import price
from autoscaler.core.rules import FleetRules, Policy
from autoscaler.core.signals import Signal

MOST = 1_000_000_000
"""A count above this is a mistake; numbers without bound cannot even be printed."""
LATEST = 1e11
"""A time after this second, 3,000 years from now, is a mistake."""

_COUNTS = ("want", "at_least", "at_most", "new_tasks")
_TIMES = ("stay_until", "look_again_at")
_KINDS = {"why": (str, "text"), "pause": (bool, "true or false")}


def ask(policy: Policy, seen: Observation, name: str) -> tuple[Advice, Reason]:
    """A policy's advice and the reason that goes with it.

    Where a need is unknown it abstains; where it raises or answers nonsense, its advice is
    dropped and the reason names it.
    """
    advice, flaw = _answer(policy, seen, name)
    if flaw:
        text = f"{name} is left out: {flaw}."
        return Advice.abstain(text), Reason(Cause.POLICY_FAILED, text, seen.queue, name)
    cause = Cause.ABSTAINED if advice.abstained else Cause.WANT
    return advice, Reason(cause, advice.why or f"{name} gives no reason.", seen.queue, name)


def _answer(policy: Policy, seen: Observation, name: str) -> tuple[Advice, str | None]:
    try:
        unknown = [need.what for need in policy.needs if not need.known(seen)]
        if unknown:
            return Advice.abstain(f"{name} abstains: {' and '.join(unknown)} unknown."), None
        advice = policy.advise(seen)
        return advice, flaw_in(advice)
    except Exception as error:  # noqa: BLE001 - anyone's code runs here, and none may stop a tick
        return Advice(), f"it raised {type(error).__name__}: {error}"


def needs_price(rules: FleetRules) -> bool:
    """Whether a policy of the fleet needs the price of a task; nobody is asked for it otherwise."""
    policies = (policy for queue in rules.queues for policy in queue.policies.values())
    return any(_needs_price(policy) for policy in policies)


def _needs_price(policy: Policy) -> bool:
    try:
        return price in policy.needs
    except Exception:  # noqa: BLE001 - anyone's code: `ask` finds the same and names it
        return False


def signals_of(rules: FleetRules) -> dict[str, Signal]:
    """What the world has to fetch for a fleet's policies, by key.

    A policy that cannot say what it needs gets nothing fetched; asked for advice, it is named.
    """
    policies = (policy for queue in rules.queues for policy in queue.policies.values())
    return {key: signal for policy in policies for key, signal in _signals(policy).items()}


def _signals(policy: Policy) -> dict[str, Signal]:
    try:
        wanted = [need.signal for need in policy.needs if isinstance(need.signal, Signal)]
        return {signal.key: signal for signal in wanted}
    except Exception:  # noqa: BLE001 - anyone's code: `ask` finds the same and names it
        return {}


def flaw_in(advice: object) -> str | None:
    """What makes an answer unusable, if anything: a wrong type, a negative count, NaN."""
    if not isinstance(advice, Advice):
        return f"it answered {type(advice).__name__} instead of advice"
    for field in fields(advice):
        value = getattr(advice, field.name)
        if value is not None and (wrong := _wrong(field.name, value)):
            return f"{field.name} is {shortly(value)}, not {wrong}"
    return None


def _wrong(name: str, value: object) -> str | None:
    """What the value of this field should have been, if it is not."""
    if name in _COUNTS:
        whole = isinstance(value, int) and _between(value, 0, MOST)
        return None if whole else "a count"
    if name in _TIMES:
        return None if _between(value, 0, LATEST) else "a time"
    if name == "spot_share":
        return None if _between(value, 0, 1) else "a share from 0 to 1"
    if name in _KINDS:
        kind, words = _KINDS[name]
        return None if isinstance(value, kind) else words
    if name == "notes":
        return None if _kept_by_json(value) else "a mapping that JSON can hold"
    return None


def _between(value: object, low: float, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return low <= value <= high  # false for NaN


def _kept_by_json(notes: object) -> bool:
    """Whether notes come back from a store as they went in, tuples as lists apart."""
    try:
        plain = encode(notes)
        return (
            isinstance(notes, Mapping) and json.loads(json.dumps(plain, allow_nan=False)) == plain
        )
    except (TypeError, ValueError, RecursionError):
        return False
