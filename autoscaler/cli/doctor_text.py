"""What the doctor says, as text for people."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from autoscaler.operations.doctor.check import Check, Severity
from autoscaler.operations.doctor.examination import Verdict

_INDENT = " " * 9


def print_checks(checks: Sequence[Check[Any]]) -> None:
    """Print what each looks at."""
    longest = max(len(one.id) for one in checks)
    for one in checks:
        print(f"{one.id:{longest}}  {one.severity:7}  {one.looks_at}")


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print findings, problems first, then what could not be looked at, then how many are well."""
    for severity in Severity:
        for one in verdicts:
            if one.check.severity is severity and one.findings:
                _print_found(one)
    for why, where in _blind(verdicts).items():
        _print_wrapped(f"{'unknown':9}{'; '.join(where)}")
        _print_wrapped(f"{_INDENT}could not look: {why}")
        print()
    print(_summary(verdicts))


def _print_found(verdict: Verdict) -> None:
    for finding in verdict.findings:
        state = f"{verdict.check.severity.value:9}"
        _print_wrapped(f"{state}{finding.subject}: {finding.found} [{verdict.check.id}]")
    _print_wrapped(f"{_INDENT}why: {verdict.check.why}")
    _print_wrapped(f"{_INDENT}fix: {verdict.check.fix}")
    print()


def _blind(verdicts: Sequence[Verdict]) -> Mapping[str, list[str]]:
    """By the reason, which checks of which subject: one missing permission blinds several."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in verdicts:
        for blind in one.unknown:
            found.setdefault(blind.why, {}).setdefault(blind.subject, []).append(one.check.id)
    return {
        why: [f"{subject}: {', '.join(ids)}" for subject, ids in some.items()]
        for why, some in found.items()
    }


def _summary(verdicts: Sequence[Verdict]) -> str:
    states = Counter(one.state for one in verdicts)
    parts = [
        _counted(states["problem"], "problem"),
        f"{states['advice']} advice",
        f"{_counted(states['unknown'], 'check')} could not look",
        f"{states['well']} well",
    ]
    return ", ".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _print_wrapped(text: str) -> None:
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    lines = textwrap.wrap(
        text.strip(),
        width,
        initial_indent=text[: len(text) - len(text.lstrip())],
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(lines))
