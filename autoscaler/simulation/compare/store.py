"""Scores of trials that were run before, so that a comparison goes on where it was ended.

An entry is found by all that its scores depend on (``Trial.key``), so it never grows stale:
whatever changes, a policy's code included, makes another key.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from autoscaler.core.errors import ConfigurationError, RecordUnreadableError
from autoscaler.simulation.scores import Scores


class Store(Protocol):
    """What keeps scores."""

    def get(self, key: str) -> Scores | None:
        """Those kept under a key; None: none are, or they cannot be read any more."""

    def put(self, key: str, about: Mapping[str, Any], scores: Scores) -> None:
        """Keep scores, with something about their trial for people who look into the file."""


class Forgetful:
    """Keeps nothing."""

    def get(self, key: str) -> Scores | None:
        """None."""
        del key
        return None

    def put(self, key: str, about: Mapping[str, Any], scores: Scores) -> None:
        """Nothing happens."""


class Folder:
    """Keeps them in a folder, a small JSON file each, written whole or not at all.

    Raises:
        ConfigurationError: nothing can be written there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as error:
            raise ConfigurationError(
                f"{path}: nothing can be kept there: {error.strerror}; name another folder"
            ) from error

    def get(self, key: str) -> Scores | None:
        """Those kept under a key; a damaged entry is none, and written anew in time."""
        try:
            entry = json.loads(self._file(key).read_text(encoding="utf-8"))
            if entry["digest"] != _digest(entry["scores"]):
                return None
            return Scores.from_json(entry["scores"])
        except (OSError, ValueError, KeyError, TypeError, RecordUnreadableError):
            return None

    def put(self, key: str, about: Mapping[str, Any], scores: Scores) -> None:
        """Keep them; a reader sees all of it or what was there before."""
        form = scores.to_json()
        entry = {"trial": dict(about), "scores": form, "digest": _digest(form)}
        file = self._file(key)
        file.parent.mkdir(exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=self._path, prefix="unfinished-")
        with os.fdopen(handle, "w", encoding="utf-8") as to:
            json.dump(entry, to, indent=1)
        Path(unfinished).replace(file)

    def _file(self, key: str) -> Path:
        return self._path / key[:2] / f"{key}.json"


def _digest(form: object) -> str:
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()
