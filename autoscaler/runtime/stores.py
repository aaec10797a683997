"""Memory stores for one replica: in this process, or in files that outlive it."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autoscaler.core.errors import (
    MemoryConflictError,
    MemoryUnreadableError,
    StoreUnreachableError,
)
from autoscaler.core.memory import Memory, dump, load
from autoscaler.core.ports import Stored


class InProcessStore:
    """Memories that end with the process."""

    def __init__(self) -> None:
        self._stored: dict[str, tuple[Memory, int]] = {}
        self._lock = threading.Lock()

    def load(self, fleet: str) -> Stored:
        """What was saved last; blank at first."""
        memory, version = self._stored.get(fleet, (Memory(), None))
        return Stored(memory, version)

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        """Keep the memory, if nobody saved since."""
        with self._lock:
            if self.load(fleet).version != expected:
                raise MemoryConflictError(f"the memory of {fleet} was saved by somebody else")
            version = (expected or 0) + 1
            self._stored[fleet] = (memory, version)
            return version


class FileStore:
    """One JSON file a fleet in a directory, replaced as a whole so that a crash tears nothing."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()

    def load(self, fleet: str) -> Stored:
        """What the file holds; what cannot be read is put aside and said."""
        path = self._path(fleet)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Stored(Memory(), None)
        except OSError as error:
            raise StoreUnreachableError(
                f"the memory file {path} cannot be read: {error}"
            ) from error
        try:
            saved = json.loads(text)
            return Stored(load(saved), int(saved["saved"]))
        except (ValueError, KeyError, TypeError, MemoryUnreadableError) as error:
            return self._put_aside(path, error)

    def save(self, fleet: str, memory: Memory, expected: int | None) -> int:
        """Replace the file, if nobody saved since."""
        try:
            with self._alone():
                if self.load(fleet).version != expected:
                    raise MemoryConflictError(f"the memory of {fleet} was saved by somebody else")
                version = (expected or 0) + 1
                self._replace(self._path(fleet), {**dump(memory), "saved": version})
        except OSError as error:
            text = f"the memory of {fleet} cannot be saved in {self._directory}: {error}"
            raise StoreUnreachableError(text) from error
        return version

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else saves meanwhile: no thread, and no process such as `autoscaler pause`."""
        self._directory.mkdir(parents=True, exist_ok=True)
        with self._lock, (self._directory / "save.lock").open("w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, fleet: str) -> Path:
        return self._directory / f"{fleet}.json"

    def _put_aside(self, path: Path, error: Exception) -> Stored:
        aside = path.with_suffix(".unreadable")
        path.replace(aside)
        trouble = f"{error}; it is kept in {aside.name} and the tick goes on from listed tasks"
        return Stored(Memory(), None, trouble)

    def _replace(self, path: Path, content: dict[str, object]) -> None:
        handle, name = tempfile.mkstemp(dir=self._directory, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
