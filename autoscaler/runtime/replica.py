"""The stores `memory` and `file` allow one replica: a second one on the same files is refused."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import MemoryInFile, StoreSettings


@contextmanager
def only_replica(store: StoreSettings) -> Iterator[None]:
    """Hold the files for ourselves; the kernel lets go of them however this process ends.

    Raises:
        ConfigurationError: another process holds them, or they cannot be made.
    """
    if not isinstance(store, MemoryInFile):
        yield
        return
    path = Path(store.path) / "replica.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"store.path {store.path} cannot be used: {error.strerror}; name a directory that "
            "this user may write to"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigurationError(
                f"another controller is using {store.path}; the store file is for one replica, "
                "use the store dynamodb for several"
            ) from error
        yield
