"""Scripts that teach a shell what to complete: everything in them but the names of queues."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from autoscaler import __version__
from autoscaler.cli.completing.offers import Offer

HERE = Path(__file__).parent


class Shell(StrEnum):
    """The shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def script(shell: Shell, offers: Iterable[Offer]) -> str:
    """The script for this shell; it runs awk, and `autoscaler` itself for names alone."""
    quoted = _QUOTED[shell]
    filled = {
        "@VERSION@": __version__,
        "@OFFERS@": quoted("\n".join("\t".join(offer) for offer in offers)),
        "@CHOOSE@": quoted((HERE / "choose.awk").read_text(encoding="utf-8")),
    }
    text = (HERE / f"completion.{shell}").read_text(encoding="utf-8")
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text


def _fish(text: str) -> str:
    """In its single quotes a backslash still escapes a quote and itself."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_QUOTED: Mapping[Shell, Callable[[str], str]] = {
    Shell.BASH: shlex.quote,
    Shell.ZSH: shlex.quote,
    Shell.FISH: _fish,
}
