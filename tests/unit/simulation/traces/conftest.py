"""Files for tests of traces."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of this text, or of these bytes; a name that ends in .gz packs it."""

    def written(content: str | bytes, name: str = "trace.csv") -> Path:
        found = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(found) if name.endswith(".gz") else found)
        return path

    return written
