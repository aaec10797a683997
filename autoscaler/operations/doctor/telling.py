"""Checks and verdicts as JSON, and the checks as a page of the guide.

``python -m autoscaler.operations.doctor.telling`` prints the part of docs/doctor.md that lists
every check.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from autoscaler.operations.doctor.check import Check
from autoscaler.operations.doctor.checks import TOPICS
from autoscaler.operations.doctor.examination import Verdict
from autoscaler.operations.doctor.facts import FleetFacts, QueueFacts

_OF = {QueueFacts: "queue", FleetFacts: "fleet"}


def told_check(check: Check[Any]) -> dict[str, str]:
    """One check, in words."""
    return {
        "id": check.id,
        "severity": check.severity.value,
        "of": _OF.get(check.of, "installation"),
        "looks_at": check.looks_at,
        "why": check.why,
        "fix": check.fix,
    }


def told_verdicts(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """How many are in each state, and every check with what it found or could not see."""
    states = Counter(one.state for one in verdicts)
    return {
        **{state: states[state] for state in ("problem", "advice", "unknown", "well")},
        "checks": [
            {
                **told_check(one.check),
                "state": one.state,
                "findings": [asdict(finding) for finding in one.findings],
                "unknown": [asdict(blind) for blind in one.unknown],
            }
            for one in verdicts
        ],
    }


def page() -> str:
    """Every check as Markdown, by topic."""
    return "\n".join(line for topic, checks in TOPICS.items() for line in _topic(topic, checks))


def _topic(topic: str, checks: Sequence[Check[Any]]) -> Iterator[str]:
    yield f"### {topic}\n"
    for one in checks:
        yield f"**`{one.id}`** ({one.severity.value}) looks at {one.looks_at}."
        yield f"{one.why}"
        yield f"*Fix:* {one.fix}\n"


def main() -> None:
    """Print the list of checks as it is published."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
