"""Dataclasses with methods that were compiled before are those they would have been."""

from __future__ import annotations

import builtins
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autoscaler.runtime import ready_made


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Dataclasses of other tests are made as ever."""
    yield
    vars(dataclasses).pop("exec", None)


def point() -> Any:
    return dataclasses.make_dataclass("Point", [("x", int), ("y", int, 2)], frozen=True, slots=True)


def test_they_are_built_without_compiling_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = ready_made.collect()
    point()
    ready_made.write(noted, tmp_path)
    compiled: list[object] = []
    run = builtins.exec
    monkeypatch.setattr(
        builtins, "exec", lambda code, *scopes: (compiled.append(code), run(code, *scopes))
    )

    ready_made.use(tmp_path)
    kind = point()
    one = kind(1)

    assert len(noted) >= 1
    assert compiled
    assert not [code for code in compiled if isinstance(code, str)]
    assert (one.x, one.y, one == kind(1), repr(one)) == (1, 2, True, "Point(x=1, y=2)")
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.x = 3


def test_one_that_is_not_among_them_is_compiled_as_ever(tmp_path: Path) -> None:
    ready_made.write(ready_made.collect(), tmp_path)
    ready_made.use(tmp_path)

    assert point()(1).y == 2


@pytest.mark.parametrize("content", [None, b"", b"no bytecode"])
def test_without_a_file_that_can_be_read_nothing_changes(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        ready_made.file_in(tmp_path).write_bytes(content)

    ready_made.use(tmp_path)

    assert "exec" not in vars(dataclasses)
