"""System programs that tests need: a skip with the reason where one is missing.

In CI nothing may be missing: with REQUIRE_PROGRAMS set, the skip is a failure.
"""

from __future__ import annotations

import os
import shutil

import pytest


def program(name: str, package: str) -> str:
    """The path of a program, or a skip that says which package has it."""
    path = shutil.which(name)
    if path:
        return path
    reason = f"{name} is not installed; it comes with the Debian package {package}"
    if os.environ.get("REQUIRE_PROGRAMS"):
        pytest.fail(reason)
    pytest.skip(reason)
