"""Facts and checks put together: what each check says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.operations.doctor.check import Check, Severity
from autoscaler.operations.doctor.facts import Facts, FleetFacts, QueueFacts, ServiceFacts
from autoscaler.operations.doctor.knowing import NotKnownError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    subject: str
    """Such as ``queue jobs`` or ``fleet workers``."""
    found: str


@dataclass(frozen=True, slots=True)
class Blind:
    """A check that could not look at one subject."""

    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check says of everything it was asked of."""

    check: Check[Any]
    findings: Sequence[Finding]
    unknown: Sequence[Blind]

    @property
    def state(self) -> str:
        """``problem`` or ``advice``, else ``unknown`` where it could not look, else ``well``."""
        if self.findings:
            return self.check.severity.value
        return "unknown" if self.unknown else "well"


def examine(facts: Facts, checks: Iterable[Check[Any]]) -> list[Verdict]:
    """Ask every check; nothing is raised for what could not be seen."""
    return [_verdict(check, facts) for check in checks]


def has_problem(verdicts: Iterable[Verdict]) -> bool:
    """Whether anything is wrong that is more than advice."""
    return any(one.state == Severity.PROBLEM for one in verdicts)


def _verdict(check: Check[Any], facts: Facts) -> Verdict:
    findings: list[Finding] = []
    unknown: list[Blind] = []
    for subject, seen in _subjects(check, facts):
        try:
            # one by one: what was found before something turns out unknown stays found
            findings.extend(Finding(subject, sentence) for sentence in check.judge(seen))
        except NotKnownError as error:
            unknown.append(Blind(subject, str(error)))
        except KeyError as error:  # AWS always sends it: some other server answered
            unknown.append(Blind(subject, f"the answer of AWS has no {error}"))
    return Verdict(check, findings, unknown)


def _subjects(check: Check[Any], facts: Facts) -> Iterator[tuple[str, object]]:
    if check.of is QueueFacts:
        yield from ((f"queue {name}", one) for name, one in facts.queues.items())
    elif check.of is FleetFacts:
        yield from ((f"fleet {name}", one) for name, one in facts.fleets.items())
    elif check.of is ServiceFacts:
        yield from ((f"fleet {name}", one) for name, one in facts.services.items())
    else:
        yield "installation", facts
