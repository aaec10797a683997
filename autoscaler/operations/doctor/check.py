"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from autoscaler.operations.doctor.facts import Facts, FleetFacts, QueueFacts, ServiceFacts

S = TypeVar("S", Facts, FleetFacts, QueueFacts, ServiceFacts)


class Severity(StrEnum):
    """How much a finding matters."""

    PROBLEM = "problem"
    """Messages are lost, handled twice or never started, or money is spent for nothing."""
    ADVICE = "advice"
    """It works, and would work better."""


@dataclass(frozen=True, slots=True)
class Check(Generic[S]):
    """One thing to look at, in words that need no other page."""

    id: str
    """Stable: scripts name it."""
    severity: Severity
    of: type[S]
    """What it is asked of: each queue, each fleet, or the installation once."""
    looks_at: str
    why: str
    fix: str
    judge: Callable[[S], Iterable[str]]
    """A sentence for each thing found wrong.

    Raises NotKnownError where what it needs is unknown.
    """


def check(
    name: str, severity: Severity, of: type[S], *, looks_at: str, why: str, fix: str
) -> Callable[[Callable[[S], Iterable[str]]], Check[S]]:
    """Make a check of the function below."""
    return lambda judge: Check(name, severity, of, looks_at, why, fix, judge)
