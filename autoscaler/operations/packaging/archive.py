"""A zip that is the same, byte for byte, whenever and wherever it is made from the same files."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from autoscaler.core.errors import ConfigurationError

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell."""
_MODE = 0o100644 << 16

_COMPILE = """
import py_compile, sys
from pathlib import Path
for path in sorted(Path().rglob("*.py")):
    py_compile.compile(str(path), dfile=f"/var/task/{path.as_posix()}", doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""
_COMPILE_METHODS = """
import sys
from importlib import import_module
from pathlib import Path
sys.path.insert(0, "")
from autoscaler.runtime import ready_made
noted = ready_made.collect()
for name in sys.argv[1:]:
    import_module(name)
ready_made.write(noted, Path())
"""


def compile_all(folder: Path) -> None:
    """Write the bytecode of every module beside it, to be used without a look at the source.

    Raises:
        ConfigurationError: a module cannot be compiled.
    """
    _run(folder, _COMPILE)


def compile_methods(folder: Path, modules: Iterable[str]) -> None:
    """Write the bytecode of what these modules' dataclasses compile.

    Raises:
        ConfigurationError: a module cannot be imported with nothing but the folder.
    """
    _run(folder, _COMPILE_METHODS, *modules)


def _run(folder: Path, program: str, *arguments: str) -> None:
    """In a process of its own with a fixed hash seed: the order of sets in bytecode hangs on it."""
    environ = {"PYTHONHASHSEED": "0", "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-s", "-S", "-c", program, *arguments]
    done = subprocess.run(  # noqa: S603 - this interpreter, on files we wrote
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise ConfigurationError(f"the package cannot be compiled: {told}")


def write_zip(folder: Path, output: Path) -> None:
    """Write every file of the folder, in order, all with the same time and mode."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.external_attr = _MODE
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes(), compresslevel=9)
