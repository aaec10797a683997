"""numba's compiler where it is installed, and nothing where it is not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

try:
    import numba
except ImportError:  # the same functions run as they are written
    numba = None

F = TypeVar("F", bound=Callable[..., Any])

_HOW = {"_nrt": False, "error_model": "numpy"}
"""Nothing is allocated in the kernel. Counting references to its arrays at every call, as numba
does unless told otherwise, takes nine tenths of the time."""
_STEP = {**_HOW, "no_cpython_wrapper": True}
"""Of what Python never calls."""


def entry(function: F) -> F:
    """Compile what the host calls, at its first call; the machine code is kept on disk."""
    if numba is None:
        return function
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(_cache())
    try:
        compiled: F = numba.njit(cache=True, **_HOW)(function)
    except RuntimeError:  # nowhere to write to
        compiled = numba.njit(**_HOW)(function)
    finally:
        numba.config.CACHE_DIR = kept
    return compiled


def called(function: F) -> F:
    """Compile a step that an entry calls."""
    return function if numba is None else numba.njit(**_STEP)(function)


def inlined(function: F) -> F:
    """Compile a step into whatever calls it: a call with all arrays costs as much as the step."""
    return (
        function
        if numba is None
        else numba.njit(forceinline=True, no_cpython_wrapper=True, **_HOW)(function)
    )


def _cache() -> Path:
    """A directory for this very source.

    numba looks only whether the file of the entry itself has changed, not what it calls.
    """
    seen = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        seen.update(source.read_bytes())
    home = numba.config.CACHE_DIR or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "queue-autoscaler" / f"kernel-{seen.hexdigest()[:16]}"
