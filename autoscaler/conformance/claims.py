"""Each claim about a policy that one observation can refute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autoscaler.conformance.chance import Chance
from autoscaler.conformance.laws import broken_by, raised
from autoscaler.conformance.report import Claim, Finding
from autoscaler.core.codec import encode
from autoscaler.core.flaws import flaw_in
from autoscaler.core.laws import Law
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.rules import Policy


def declarations(policy: Policy) -> Iterator[Finding]:
    """What is wrong with how it is declared; without its needs it cannot be asked at all."""
    kind = type(policy)
    params = getattr(kind, "__dataclass_params__", None)
    if not getattr(params, "frozen", False):
        yield Finding(Claim.DECLARED, f"{kind.__name__} is not a dataclass with frozen=True.")
    if not all(isinstance(law, Law) for law in getattr(policy, "laws", ())):
        yield Finding(Claim.DECLARED, "Its laws are not made of autoscaler.core.laws.Law.")


def needs_of(policy: Policy) -> tuple[Need, ...] | Finding:
    """What it needs, or why that cannot be told."""
    try:
        needs = tuple(policy.needs)
    except Exception as error:  # noqa: BLE001 - anyone's code
        return Finding(Claim.DECLARED, f"Its needs cannot be read: {told(error)}.")
    if all(isinstance(need, Need) for need in needs):
        return needs
    return Finding(Claim.DECLARED, "Its needs are not made of autoscaler.core.needs.Need.")


def laws_of(policy: Policy) -> tuple[Law, ...]:
    """The laws it declares; there need not be any."""
    return tuple(law for law in getattr(policy, "laws", ()) if isinstance(law, Law))


def met(needs: Iterable[Need], seen: Observation) -> bool | Finding:
    """Whether the observation meets the needs."""
    try:
        return all(need.known(seen) for need in needs)
    except Exception as error:  # noqa: BLE001 - anyone's code
        return Finding(Claim.UNKNOWN, f"A need of it raised {told(error)}.", encode(seen))


@dataclass(frozen=True, slots=True)
class Asked:
    """A policy, what it was shown and what it answered."""

    policy: Policy
    seen: Observation
    shown: Mapping[str, Any]
    """The observation's JSON form before anybody was asked."""
    advice: Advice

    def findings(self, chance: Chance) -> Iterator[Finding]:
        """What this answer refutes; where the plainest claims fail, the others mean nothing."""
        plain = list(self._unsound()) or list(self._impure())
        yield from plain
        if plain:
            return
        yield from self._forgetful()
        for law in laws_of(self.policy):
            yield from self._lawless(law, chance)

    def _found(self, claim: Claim, text: str) -> Finding:
        return Finding(claim, text, self.shown)

    def _unsound(self) -> Iterator[Finding]:
        without = replace(self.advice, notes=None)
        if flaw := flaw_in(without):
            yield self._found(Claim.FINITE, f"Its {flaw}.")
        elif flaw := flaw_in(self.advice):
            yield self._found(Claim.NOTES, f"Its {flaw}.")

    def _impure(self) -> Iterator[Finding]:
        again = self.policy.advise(self.seen)
        if encode(self.seen) != self.shown:
            yield self._found(Claim.PURE, "It changed the observation it was shown.")
        elif again != self.advice:
            text = f"It answered {_short(self.advice)} and then {_short(again)}."
            yield self._found(Claim.PURE, text)

    def _forgetful(self) -> Iterator[Finding]:
        """Notes come back from a store with lists for tuples and text for keys."""
        notes = self.advice.notes
        if notes is None:
            return
        stored = json.loads(json.dumps(encode(notes)))
        kept, read = (replace(self.seen, notes=one) for one in (notes, stored))
        if self.policy.advise(kept) != self.policy.advise(read):
            text = f"It reads {_short(stored)} in another way than {_short(notes)}."
            yield self._found(Claim.NOTES, text)

    def _lawless(self, law: Law, chance: Chance) -> Iterator[Finding]:
        more = self.policy.advise(raised(law, self.seen, chance))
        if broken := broken_by(law, self.advice, more):
            yield self._found(Claim.LAWFUL, f"It declares that {broken}.")


def ask(policy: Policy, seen: Observation) -> Asked | Finding:
    """Ask it once; what it raises, or answers that is no advice, is a finding."""
    shown = encode(seen)
    advice: object = policy.advise(seen)
    if isinstance(advice, Advice):
        return Asked(policy, seen, shown, advice)
    return Finding(Claim.FINITE, f"It answered {_short(advice)} instead of advice.", shown)


def found_with(
    policy: Policy, seen: Observation, chance: Chance
) -> tuple[Advice | None, Sequence[Finding]]:
    """Ask about one observation that meets the needs; its advice, and what that refutes."""
    try:
        asked = ask(policy, seen)
        if isinstance(asked, Finding):
            return None, [asked]
        return asked.advice, list(asked.findings(chance))
    except Exception as error:  # noqa: BLE001 - anyone's code
        return None, [Finding(Claim.TOTAL, f"It raised {told(error)}.", encode(seen))]


def told(error: Exception) -> str:
    """An error with its type."""
    return f"{type(error).__name__}: {error}"


def _short(value: object, most: int = 200) -> str:
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."
