"""Reads a fault script from plain data; whatever is wrong is said in a sentence."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autoscaler.local.faults import kinds
from autoscaler.local.faults.actions import actions
from autoscaler.local.faults.kinds import KINDS, Kind
from autoscaler.local.faults.script import Interruption, Period, Rule, Script, Where, Which

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from autoscaler.local.faults.kinds import Reader

_INTERRUPT = "interrupt"
_WHEN: dict[str, Reader] = {"from": kinds.seconds, "until": kinds.seconds}
_WHICH: dict[str, Reader] = {
    "first": kinds.count,
    "every": kinds.count,
    "chance": kinds.share,
    "resource": kinds.text,
}
_INTERRUPTION: dict[str, Reader] = {"provider": kinds.provider, "share_per_minute": kinds.share}


class FaultScriptError(ValueError):
    """A fault script is wrong; the message is a sentence that says where."""


def read_file(path: Path) -> Any:
    """Return what a YAML or JSON file holds. Raises FaultScriptError with a sentence."""
    import yaml  # noqa: PLC0415  (whoever gives no file need not wait for it)

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise FaultScriptError(
            f"the fault script {path} cannot be read: {problem.strerror}"
        ) from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise FaultScriptError(f"the fault script {path} is not YAML: {problem}") from problem


def read_script(data: Any) -> Script:
    """Return a script read from what its file holds. Raises FaultScriptError with a sentence."""
    if not isinstance(data, dict):
        raise FaultScriptError("a fault script is a mapping with the keys seed and faults")
    _Keys(data, "the fault script").only(("seed", "faults"))
    seed, faults = data.get("seed", 0), data.get("faults", [])
    if not isinstance(seed, int):
        raise FaultScriptError(f"seed is {seed!r}; it must be a whole number")
    if not isinstance(faults, list):
        raise FaultScriptError("faults must be a list, each fault a mapping with the key do")
    return Script(tuple(_fault(each, number) for number, each in enumerate(faults, 1)), seed)


def _fault(data: Any, number: int) -> Rule | Interruption:
    do = data.get("do") if isinstance(data, dict) else None
    if not isinstance(do, str):
        raise FaultScriptError(f"fault {number} does not say what to do; known are {_known()}")
    if do != _INTERRUPT and do not in KINDS:
        near = _nearest(do, (*KINDS, _INTERRUPT))
        raise FaultScriptError(f"fault {number} says do: {do}; {near}known are {_known()}")
    keys = _Keys(data, f"fault {number} ({do})")
    return _interruption(do, keys) if do == _INTERRUPT else _rule(do, KINDS[do], keys)


def _rule(do: str, kind: Kind, keys: _Keys) -> Rule:
    named = () if kind.about else ("calls",)
    keys.only(("do", *named, *_WHEN, *_WHICH, *kind.keys), needed=(*named, *kind.needed))
    which = keys.read(_WHICH)
    resource = which.pop("resource", "*")
    where = Where(kind.about or keys.read({"calls": actions})["calls"], resource)
    return Rule(do, where, _period(keys), Which(**which), kind.make(keys.read(kind.keys)))


def _interruption(do: str, keys: _Keys) -> Interruption:
    keys.only(("do", *_WHEN, *_INTERRUPTION), needed=("share_per_minute",))
    given = {"provider": "FARGATE_SPOT"} | keys.read(_INTERRUPTION)
    return Interruption(do, _period(keys), **given)


def _period(keys: _Keys) -> Period:
    given = keys.read(_WHEN)
    period = Period(given.get("from", 0.0), given.get("until"))
    if period.until is not None and period.until <= period.start:
        raise FaultScriptError(f"{keys.whose}: until must be later than from")
    return period


@dataclass(frozen=True, slots=True)
class _Keys:
    """One mapping of the script, and whose it is."""

    data: Mapping[str, Any]
    whose: str

    def only(self, known: Iterable[str], needed: Iterable[str] = ()) -> None:
        """Refuse a key that is not known, and miss one that is needed."""
        known = tuple(known)
        for key in self.data:
            if key not in known:
                near = _nearest(str(key), known)
                raise FaultScriptError(
                    f"{self.whose}: {key} is unknown; {near}known are {_list(known)}"
                )
        for key in needed:
            if key not in self.data:
                raise FaultScriptError(f"{self.whose}: {key} is missing")

    def read(self, readers: Mapping[str, Reader]) -> dict[str, Any]:
        """Read those of these keys that are there."""
        found = {}
        for key in readers.keys() & self.data.keys():
            try:
                found[key] = readers[key](self.data[key])
            except ValueError as problem:
                raise FaultScriptError(
                    f"{self.whose}: {key} is {self.data[key]!r}; {problem}"
                ) from None
        return found


def _known() -> str:
    return _list((*KINDS, _INTERRUPT))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {found[0]}? " if found else ""
