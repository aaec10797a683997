"""What the suite found, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Claim(StrEnum):
    """What is claimed of every policy."""

    DECLARED = "It is a frozen dataclass that declares needs, and perhaps laws."
    ASKED = "Its needs can be met, and then it has an opinion."
    TOTAL = "Whatever it sees, once its needs are met, it answers and raises nothing."
    UNKNOWN = "Where things are unknown, neither it nor its needs raise anything."
    FINITE = "Its numbers are counts, shares and times within bounds."
    NOTES = "Its notes are JSON, and it reads them back as it wrote them."
    PURE = "The same observation gives the same advice, and nothing is changed by asking."
    LAWFUL = "It keeps the laws it declares."
    FAST = "It answers within 50 microseconds, or those it declares, 200 at most."


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim that does not hold, with the first example that was found."""

    claim: Claim
    text: str
    """A sentence that says what happened."""
    observation: Mapping[str, Any] | None = None
    """What the policy was shown, in the JSON form of records."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each claim for one policy."""

    policy: str
    seed: int
    asked: int
    """Observations that met its needs."""
    microseconds: float | None
    """Per advice, on an ordinary computer; None: it was never asked."""
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every claim holds."""
        return not self.findings

    def __str__(self) -> str:
        """A line for each claim, and below those that do not hold what was found."""
        found = {finding.claim: finding.text for finding in self.findings}
        lines = [f"{self.policy}: {'passed' if self.passed else 'failed'}, seed {self.seed}"]
        for claim in Claim:
            lines.append(f"  {'FAILED' if claim in found else 'ok    '}  {claim.value}")
            lines += [f"          {found[claim]}"] if claim in found else []
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        found = {finding.claim: finding for finding in self.findings}
        claims = [
            {
                "claim": claim.name.lower(),
                "text": claim.value,
                "passed": claim not in found,
                **(_details(found[claim]) if claim in found else {}),
            }
            for claim in Claim
        ]
        return {
            "policy": self.policy,
            "passed": self.passed,
            "seed": self.seed,
            "asked": self.asked,
            "microseconds": self.microseconds,
            "claims": claims,
        }


def _details(finding: Finding) -> dict[str, Any]:
    return {"found": finding.text, "observation": finding.observation}
