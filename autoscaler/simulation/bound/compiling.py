"""numba's compiler where it is installed, and nothing where it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def _plain(function: F) -> F:
    """The function as it is written."""
    return function


def _compiler() -> Callable[[F], F]:
    try:
        from numba import njit  # noqa: PLC0415 - a library the simulation runs without
    except ImportError:
        return _plain
    chosen: Callable[[F], F] = njit(cache=True)
    return chosen


compiled = _compiler()
"""Compiles a function at its first call; the machine code is kept on disk."""
