"""Shows a policy many observations and looks at what it answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autoscaler.conformance.chance import Chance
from autoscaler.conformance.claims import declarations, found_with, met, needs_of
from autoscaler.conformance.report import Claim, Finding, Report
from autoscaler.core.codec import encode
from autoscaler.core.flaws import flaw_in
from autoscaler.core.model import Advice, Observation
from autoscaler.core.needs import Need
from autoscaler.core.rules import Policy
from autoscaler.core.signals import Signal

MOST_MICROSECONDS = 50.0
"""Of one advice: a tick of a thousand queues asks several thousand times."""
PLANNING_MICROSECONDS = 200.0
"""What a policy that plans ahead may declare, as its ``microseconds``, at most."""
YARDSTICK = 12.0
"""Microseconds in which an ordinary computer adds up a thousand numbers. One that is slower, or
busy with something else just now, gives a policy more time in proportion."""
ROUNDS = 7
"""The fastest counts: a busy computer can make a policy look slow, but never fast."""
SAMPLE = 40
"""Observations of a round."""

_UNKNOWN = (0.0, 0.2, 0.0, 0.6, 1.0)
"""The chance of each thing to be unknown, in turn."""


def check(policy: Policy, *, seed: int = 0, observations: int = 300) -> Report:
    """Check a policy as it is configured: whether it keeps what every policy must.

    Args:
        policy: made with options; other options may be worth a check of their own.
        seed: the same one makes the same observations.
        observations: how many it is shown.
    """
    before = repr(policy)
    run = _Run(policy)
    run.note(declarations(policy))
    needs = needs_of(policy)
    if isinstance(needs, Finding):
        run.note([needs])
    else:
        run.show(needs, seed, observations)
        run.note(run.never_asked(needs, observations))
    if repr(policy) != before:
        run.note([Finding(Claim.PURE, "It changed itself when it was asked.")])
    return run.report(seed)


@dataclass(slots=True)
class _Run:
    """What one check has found so far: of each claim the first counterexample."""

    policy: Policy
    found: dict[Claim, Finding] = field(default_factory=dict)
    asked: list[Observation] = field(default_factory=list)
    opinions: int = 0

    def note(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.found.setdefault(finding.claim, finding)

    def show(self, needs: Sequence[Need], seed: int, observations: int) -> None:
        """Observation after observation; notes are its own, damaged ones and none in turn."""
        chance = Chance(
            seed, [need.signal.key for need in needs if isinstance(need.signal, Signal)]
        )
        notes = None
        for n in range(observations):
            given = (notes, chance.junk(notes), None)[n % 3]
            seen = chance.observation(_UNKNOWN[n % len(_UNKNOWN)], given)
            known = met(needs, seen)
            if isinstance(known, Finding):
                self.note([known])
            elif known:
                advice = self._ask(seen, chance)
                notes = _kept(advice) or notes

    def _ask(self, seen: Observation, chance: Chance) -> Advice | None:
        advice, findings = found_with(self.policy, seen, chance)
        self.note(findings)
        self.asked.append(seen)
        self.opinions += advice is not None and not advice.abstained
        return advice

    def never_asked(self, needs: Sequence[Need], observations: int) -> Iterable[Finding]:
        """What a suite that never asked has shown is nothing."""
        if not self.asked:
            names = " and ".join(need.what for need in needs)
            text = f"None of {observations} observations met its needs: {names}."
            yield Finding(Claim.ASKED, text)
        elif not self.opinions and not self.found:
            yield Finding(Claim.ASKED, "It abstains from all that meets its needs.")

    def report(self, seed: int) -> Report:
        fast = None
        if self.asked and Claim.TOTAL not in self.found:
            fast = _microseconds(self.policy, self.asked[:SAMPLE])
            if fast > _most_microseconds(self.policy):
                text = f"An advice takes it {fast:.0f} microseconds on an ordinary computer."
                self.note([Finding(Claim.FAST, text)])
        findings = tuple(self.found[claim] for claim in Claim if claim in self.found)
        return Report(type(self.policy).__name__, seed, len(self.asked), fast, findings)


def _most_microseconds(policy: Policy) -> float:
    declared: float = getattr(policy, "microseconds", MOST_MICROSECONDS)
    return min(declared, PLANNING_MICROSECONDS)


def _kept(advice: Advice | None) -> dict[str, object] | None:
    """Notes as they come back from a store."""
    if advice is None or advice.notes is None or flaw_in(advice):
        return None
    kept: dict[str, object] = json.loads(json.dumps(encode(advice.notes)))
    return kept


def _microseconds(policy: Policy, shown: Sequence[Observation]) -> float:
    """Of one advice on average, in the fastest round, as an ordinary computer would take."""
    took = [_round(policy, shown) for _ in range(ROUNDS)]
    slowness = max(1.0, min(yardstick for _, yardstick in took) / YARDSTICK)
    return min(advice for advice, _ in took) / slowness


def _round(policy: Policy, shown: Sequence[Observation]) -> tuple[float, float]:
    """Microseconds of this thread's own time: of one advice, and of the yardstick."""
    began = time.thread_time()
    for seen in shown:
        policy.advise(seen)
    advised = time.thread_time()
    for _ in shown:
        sum(range(1000))
    ended = time.thread_time()
    return (advised - began) * 1e6 / len(shown), (ended - advised) * 1e6 / len(shown)
