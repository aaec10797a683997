"""The Lambda's package: gathered, compiled, tried and zipped."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import MemoryInDynamoDb, Settings
from autoscaler.operations.packaging import libraries
from autoscaler.operations.packaging.archive import compile_all, compile_methods, write_zip
from autoscaler.operations.packaging.service_models import FOLDER, models
from autoscaler.operations.packaging.sources import HANDLERS, OURS, others, sources
from autoscaler.validated import dumps

CONFIGURATION = "autoscaler.json"
"""Where the handler looks: at the top of the package."""
MOST_UNPACKED = 250 * 2**20
"""Bytes [Lambda quotas]."""

_TRY = """
import sys
from importlib import import_module
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    import_module(name)
from pathlib import Path
from autoscaler.validated import loads
file = Path(sys.argv[1], "autoscaler.json")
if file.exists():
    loads(file.read_text()).rulebook()
"""


@dataclass(frozen=True, slots=True)
class Package:
    """What was written."""

    path: Path
    bytes: int
    runtime: str
    """Lambda's name of the Python whose bytecode is in it."""
    services: tuple[str, ...]
    """Of AWS, whose models are in it."""


def package(output: Path, settings: Settings | None, validated: str | None) -> Package:
    """Write the package; with a configuration, or for one that comes from S3 or SSM.

    Raises:
        ConfigurationError: it cannot be put together, or would not run.
    """
    with tempfile.TemporaryDirectory(prefix="autoscaler-lambda-") as name:
        folder = Path(name)
        for place, content in _contents(settings, validated):
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        compile_all(folder)
        compile_methods(folder, sorted(sources().keys() - set(HANDLERS)))
        _try(folder)
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            write_zip(folder, output)
        except OSError as error:
            raise ConfigurationError(f"{output} cannot be written: {error.strerror}") from error
        services = tuple(sorted(each.name for each in (folder / FOLDER).iterdir() if each.is_dir()))
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Package(output, output.stat().st_size, python, services)


def validated(settings: Settings) -> str:
    """The validated form of a configuration that a Lambda can run.

    Raises:
        ConfigurationError: its memory would not outlast the Lambda.
    """
    if settings.rulebook().fleets and not isinstance(settings.store, MemoryInDynamoDb):
        raise ConfigurationError(
            f"store: {{type: {settings.store.type}}} is lost whenever Lambda starts another "
            "process, and tasks would be launched twice; write "
            "store: {type: dynamodb, table: autoscaler}"
        )
    return dumps(settings)


def _contents(settings: Settings | None, validated: str | None) -> Iterator[tuple[str, bytes]]:
    for name, source in sources().items():
        parts = name.split(".")
        place = [*parts, "__init__.py"] if source.path.name == "__init__.py" else parts
        yield "/".join(place).removesuffix(".py") + ".py", source.path.read_bytes()
        table = source.path.with_suffix(".csv")
        if table.exists():  # what the module of the same name reads
            yield "/".join(parts) + ".csv", table.read_bytes()
    tops = others() | (_plugins(settings) if settings else set())
    for place_of, path in libraries.files(tops):
        if not place_of.startswith(f"{FOLDER}/"):
            yield place_of, path.read_bytes()
    yield from models().items()
    if validated:
        yield CONFIGURATION, validated.encode()


def _plugins(settings: Settings) -> set[str]:
    """The top-level modules of policies that are not the house's own."""
    kinds = {type(each) for queue in settings.queues.values() for each in queue.policies.values()}
    return {kind.__module__.partition(".")[0] for kind in kinds} - set(OURS)


def _try(folder: Path) -> None:
    """Import all of ours where nothing else is installed, and read the configuration."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > MOST_UNPACKED:
        raise ConfigurationError(f"the package unpacks to {size / 2**20:.0f} MiB; Lambda takes 250")
    command = [sys.executable, "-I", "-S", "-c", _TRY, str(folder), *sorted(sources())]
    done = subprocess.run(  # noqa: S603 - this interpreter, on files we wrote
        command, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise ConfigurationError(f"the package does not run by itself: {told}")
