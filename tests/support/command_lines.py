"""The commands that pages show: where they stand, and whether `autoscaler` knows their words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autoscaler.cli.app import VERBS, command_of
from autoscaler.cli.completing.offers import VERB, offers

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!-- not run: ([^>]*?)\s*-->\n{1,2}\Z")
_CALL = re.compile(
    r"^\$ (?P<prompted>.*)$|^(?P<alone>autoscaler [a-z].*)$|`(?P<span>autoscaler [a-z][^`]*)`",
    re.MULTILINE,
)
_PUNCTUATION = frozenset("();<>|&")


@dataclass(frozen=True)
class Block:
    """A fence with commands in it, and why nothing runs them, where a comment above says so."""

    page: str
    line: int
    language: str
    text: str
    not_run: str | None

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What follows each prompt on its line."""
        return re.findall(r"^\$ (.*)$", self.text, re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """A line behind a prompt, or a call of `autoscaler` in a fence or in the text."""

    place: str
    text: str

    @property
    def calls(self) -> list[list[str]]:
        """The words behind each `autoscaler` in it, up to the next pipe or the like."""
        lexer = shlex.shlex(self.text, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        parts: list[list[str]] = [[]]
        for word in lexer:
            if word[0] in _PUNCTUATION:
                parts.append([])
            else:
                parts[-1].append(word)
        return [part[at + 1 :] for part in parts for at in _called(part)]


def _called(words: Sequence[str]) -> list[int]:
    """Where `autoscaler` is called, and is not the value of somebody's option."""
    pairs = enumerate(zip(["", *words], words, strict=False))
    return [
        at for at, (before, word) in pairs if word == "autoscaler" and not re.match(r"--\w", before)
    ][:1]


def blocks() -> Iterator[Block]:
    """Every fence in which a line begins with a prompt, whatever its language."""
    for page, text in _texts():
        for fence in _FENCE.finditer(text):
            above = _COMMENT.search(text[: fence.start()])
            line = text.count("\n", 0, fence.start()) + 1
            block = Block(page, line, fence[2], fence[3], above[1] if above else None)
            if block.commands:
                yield block


def commands() -> Iterator[Command]:
    """Every command there is, on whatever page."""
    for page, text in _texts():
        for found in _CALL.finditer(text.replace("\\\n", "  ")):
            line = text.count("\n", 0, found.start()) + 1
            yield Command(f"{page}:{line}", found["prompted"] or found["alone"] or found["span"])


def _texts() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        yield page.relative_to(ROOT).as_posix(), page.read_text(encoding="utf-8")


@cache
def _offered() -> dict[str, dict[str, bool]]:
    """By verb: the words that may stand after it, and which of them are verbs again."""
    table: dict[str, dict[str, bool]] = {}
    for offer in offers(command_of(VERBS)):
        table.setdefault(offer.path, {})[offer.word] = offer.value == VERB
    return table


def unknown(call: Sequence[str]) -> list[str]:
    """The words of a call that `autoscaler` does not have: its verbs, and its options."""
    path, rest = "", list(call)
    while rest and _offered()[path].get(rest[0]):
        path = f"{path} {rest.pop(0)}".strip()
    offered = _offered()[path]
    own = rest[: rest.index("--")] if "--" in rest else rest
    options = [word for word in own if re.match(r"--?[a-z]", word)]
    verbs = [word for word in rest[:1] if any(offered.values()) and word not in options]
    return verbs + [one for one in options if one.partition("=")[0] not in offered]
