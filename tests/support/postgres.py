"""A PostgreSQL server of its own for a test, on a socket in a folder and on no port."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.programs import missing, program

_FOLDERS = "/usr/lib/postgresql/*/bin"  # where Debian keeps them, off the PATH


@contextmanager
def postgres() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database; a skip with the reason where there can be none."""
    initdb = program("initdb", package="postgresql", folders=_FOLDERS)
    pg_ctl = program("pg_ctl", package="postgresql", folders=_FOLDERS)
    if importlib.util.find_spec("psycopg") is None:
        missing("psycopg is not installed; it comes with pip install 'psycopg[binary]'")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 characters
    try:
        user = _user(folder)
        data = folder / "data"
        _run(user, initdb, "-D", str(data), "-U", "tester", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses= -c fsync=off -k {folder}"
        start = ("start", "-w", "-o", options, "-l", str(folder / "log"))
        _run(user, pg_ctl, "-D", str(data), *start)
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
        finally:
            _run(user, pg_ctl, "-D", str(data), "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user(folder: Path) -> str | None:
    """Whom to run it as: PostgreSQL refuses root. None: as who we are."""
    if os.geteuid() != 0:
        return None
    try:
        shutil.chown(folder, "postgres")
    except LookupError:
        pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")
    return "postgres"


def _run(user: str | None, *command: str) -> None:
    subprocess.run(command, user=user, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60)
