"""Bytecode of the methods that dataclasses write for themselves, made when the package is built.

`dataclasses` compiles six texts a class while it is imported, and this program has some eighty
classes: half of what its import costs. The package carries what they compile to, by the digest of
the text, and a text that is not among them is compiled as ever. From Python 3.13 on there is one
text a class, and less to gain.
"""

from __future__ import annotations

import builtins
import dataclasses
import marshal
import sys
from collections.abc import Callable, Mapping
from hashlib import md5
from pathlib import Path
from types import CodeType

Code = dict[bytes, CodeType]


def file_in(folder: Path) -> Path:
    """Where the bytecode for this Python is, in a package."""
    return folder / f"dataclasses.{sys.implementation.cache_tag}.bin"


def use(folder: Path) -> None:
    """Have dataclasses that are made from now on find their methods; without a file, none."""
    try:
        written = file_in(folder).read_bytes()
        made: Mapping[bytes, CodeType] = marshal.loads(written)  # noqa: S302 - ours, as .pyc are
    except (OSError, EOFError, ValueError):
        return

    def run(text: str, *scopes: dict[str, object]) -> None:
        builtins.exec(made.get(_digest(text), text), *scopes)  # noqa: S102 - as dataclasses do

    _instead(run)


def collect() -> Code:
    """Note what dataclasses that are made from now on compile; returns where it is noted."""
    noted: Code = {}

    def run(text: str, *scopes: dict[str, object]) -> None:
        noted[_digest(text)] = _plain(compile(text, "<dataclass>", "exec"))
        builtins.exec(text, *scopes)  # noqa: S102 - as dataclasses do

    _instead(run)
    return noted


def write(noted: Code, folder: Path) -> None:
    """Write what was noted into a package."""
    file_in(folder).write_bytes(marshal.dumps(noted))


def _instead(run: Callable[..., None]) -> None:
    """A module's own name goes before the builtin of that name, for this module alone."""
    vars(dataclasses)["exec"] = run


def _digest(text: str) -> bytes:
    return md5(text.encode(), usedforsecurity=False).digest()


def _plain(code: CodeType) -> CodeType:
    """Without line numbers, which mean nothing in a text nobody sees."""
    inner = tuple(_plain(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_linetable=b"", co_consts=inner)
