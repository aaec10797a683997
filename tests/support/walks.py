"""Pages that are run as they stand: their commands, and whether what they show is what comes."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_VARIES = re.compile(
    r"\b[0-9a-f]{8}[-0-9a-f]*\b"  # what AWS and the engine make up
    r"|(?<=-)[A-Z0-9]{12}\b"  # CloudFormation's ends of names
    r"|\d+ (?:d|h|min|s)\b(?: \d+ (?:h|min|s)\b)*"
    r"|\bunknown\b"
    r"|[\d.:,TZ]*\d[\d.:,TZ]*"
)
"""What differs from run to run: numbers, or that there is none yet, times and names."""


@dataclass(frozen=True)
class Walk:
    """A page of docs/ that is walked from its first command to its last."""

    page: str

    @property
    def text(self) -> str:
        return (ROOT / "docs" / self.page).read_text(encoding="utf-8")

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each command, and what the page shows of its output."""
        return re.findall(r"```console\n\$ (.*?)\n(.*?)```", self.text, flags=re.DOTALL)

    def blocks(self, language: str) -> list[str]:
        """What else stands in fences of this language, in its order."""
        return re.findall(rf"```{language}\n(.*?)```", self.text, flags=re.DOTALL)


def missing(shown: str, told: str) -> list[str]:
    """Lines that a page shows and a command did not tell, but for numbers; ``...`` is anything."""
    there = _alike(told)
    return [
        line for line in _alike(shown) if not any(_pattern(line).fullmatch(one) for one in there)
    ]


def _alike(text: str) -> list[str]:
    return [
        "",
        *(_VARIES.sub("0", line.replace("...", "…")).rstrip() for line in text.splitlines()),
    ]


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, line.split("…"))))


def in_shell(command: str) -> str:
    """All that a command says, which must succeed."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
