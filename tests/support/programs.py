"""System programs that tests need: a skip with the reason where one is missing.

In CI nothing may be missing: with REQUIRE_PROGRAMS set, the skip is a failure.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def program(name: str, package: str, folders: str = "") -> str:
    """The path of a program, or a skip that says which package has it.

    `folders`: where else to look than on the PATH, with wildcards.
    """
    others = sorted(map(str, Path("/").glob(folders.removeprefix("/"))) if folders else ())
    for path in (None, *reversed(others)):
        if found := shutil.which(name, path=path):
            return found
    return missing(f"{name} is not installed; it comes with the Debian package {package}")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be missing."""
    if os.environ.get("REQUIRE_PROGRAMS"):
        pytest.fail(reason)
    pytest.skip(reason)
