"""Settings that all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# A slow or busy machine is no failure, so no example has a deadline. Where CI=true the examples
# are the same in every run: a red build can be repeated, and new examples are found elsewhere.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")


@pytest.fixture(autouse=True)
def _no_log_stream_is_left_over() -> Iterator[None]:
    """Log lines never go to a stream that an earlier test captured, and that is closed by now."""
    yield
    structlog.reset_defaults()
