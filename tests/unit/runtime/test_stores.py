"""Stores for one replica."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support import values

from autoscaler.core.errors import MemoryConflictError, StoreUnreachableError
from autoscaler.core.memory import Memory
from autoscaler.core.ports import MemoryStore
from autoscaler.runtime.stores import FileStore, InProcessStore

MEMORY = Memory(tick=120, tasks={"t": values.task("t")}, intents=(values.intent(),))


@pytest.fixture(params=["process", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MemoryStore:
    make: dict[str, Callable[[], MemoryStore]] = {
        "process": InProcessStore,
        "file": lambda: FileStore(tmp_path / "memory"),
    }
    return make[request.param]()


def test_a_fleet_without_a_past_has_a_blank_memory(store: MemoryStore) -> None:
    assert store.load("f").memory == Memory()
    assert store.load("f").version is None


def test_what_was_saved_is_loaded(store: MemoryStore) -> None:
    version = store.save("f", MEMORY, None)

    assert store.load("f").memory == MEMORY
    assert store.load("f").version == version


def test_a_save_on_an_old_version_is_a_conflict_and_changes_nothing(store: MemoryStore) -> None:
    first = store.save("f", MEMORY, None)
    store.save("f", Memory(tick=240), first)

    with pytest.raises(MemoryConflictError):
        store.save("f", Memory(tick=360), first)

    assert store.load("f").memory.tick == 240


def test_the_first_save_conflicts_with_one_that_came_before(store: MemoryStore) -> None:
    store.save("f", MEMORY, None)

    with pytest.raises(MemoryConflictError):
        store.save("f", Memory(), None)


def test_a_file_outlives_the_store(tmp_path: Path) -> None:
    FileStore(tmp_path).save("f", MEMORY, None)

    assert FileStore(tmp_path).load("f").memory == MEMORY


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"version": 1, "saved": 1}', '{"version": 99, "saved": 1}']
)
def test_an_unreadable_file_is_kept_aside_and_told(tmp_path: Path, damage: str) -> None:
    (tmp_path / "f.json").write_text(damage)
    store = FileStore(tmp_path)

    stored = store.load("f")

    assert (stored.memory, stored.version) == (Memory(), None)
    assert stored.trouble is not None
    assert "f.unreadable" in stored.trouble
    assert (tmp_path / "f.unreadable").read_text() == damage
    store.save("f", MEMORY, None)
    assert store.load("f").memory == MEMORY


def test_a_save_leaves_nothing_but_the_file(tmp_path: Path) -> None:
    FileStore(tmp_path).save("f", MEMORY, None)

    assert {path.name for path in tmp_path.iterdir()} == {"f.json", "save.lock"}
    assert json.loads((tmp_path / "f.json").read_text())["version"] == 1


def test_a_directory_that_cannot_be_made_is_told_as_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file, not a directory")

    with pytest.raises(StoreUnreachableError, match="cannot be"):
        FileStore(tmp_path / "blocked").save("f", MEMORY, None)
