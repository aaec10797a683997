"""Asking a policy so that whatever it does, the tick goes on and no limit is broken."""

from __future__ import annotations

from collections.abc import Iterable

from autoscaler.core.flaws import flaw_in
from autoscaler.core.model import Advice, Cause, Observation, Reason
from autoscaler.core.needs import Need, price, price_if_known, sent
from autoscaler.core.rules import FleetRules, Policy
from autoscaler.core.signals import Signal


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
    """Whether a policy of the fleet asks for the price of a task; nobody does otherwise."""
    policies = (policy for queue in rules.queues for policy in queue.policies.values())
    return any(_needs(policy, price, price_if_known) for policy in policies)


def needs_history(policies: Iterable[Policy]) -> bool:
    """Whether one of a queue's policies keeps a history of its arrivals."""
    return any(_needs(policy, sent) for policy in policies)


def _needs(policy: Policy, *wanted: Need) -> bool:
    try:
        return any(need in wanted for need in policy.needs)
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
