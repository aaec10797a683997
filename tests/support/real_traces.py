"""Real traces, which are no part of this repository: they lie beside the checkout, or nowhere.

Their README tells what they are, where they are from and what there is to know of each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "traces"


def real_trace(name: str) -> Path:
    """The file of a trace; skips the test where it is not there."""
    path = FOLDER / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip(f"the trace {name} is not beside this checkout, in ../shared/traces")
    return path
