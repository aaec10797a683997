"""numba's compiler where it is installed, and nothing where it is not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

try:
    import numba
except ImportError:  # the same functions run as they are written
    numba = None

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at the first call; the machine code is kept on disk where that can be written."""
    if numba is None:
        return function
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(_cache())
    try:
        quick: F = numba.njit(cache=True)(function)
    except RuntimeError:  # nowhere to write to
        quick = numba.njit(function)
    finally:
        numba.config.CACHE_DIR = kept
    return quick


@cache
def source_digest() -> str:
    """Of this package's source: the version of its algorithms."""
    seen = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        seen.update(source.read_bytes())
    return seen.hexdigest()


def _cache() -> Path:
    """A directory for this very source.

    numba looks only whether the file of a function itself has changed, not what it calls.
    """
    home = numba.config.CACHE_DIR or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "queue-autoscaler" / f"bound-{source_digest()[:16]}"
