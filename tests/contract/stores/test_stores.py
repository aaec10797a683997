"""What every memory store must keep: nobody undoes what another saved, nothing is lost silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from support import values
from support.store_worlds import FLEET, StoreWorld

from autoscaler.core.errors import MemoryConflictError
from autoscaler.core.memory import Memory
from autoscaler.core.ports import MemoryStore

MEMORY = Memory(
    tick=120,
    tasks={"t": values.task("t")},
    intents=(values.intent(),),
    notes={"q/depth": {"text": "caf\u00e9 \U0001f600", "count": 3}},
    paused={"q": None},
)


def test_a_fleet_without_a_past_has_a_blank_memory(world: StoreWorld) -> None:
    stored = world.store.load(FLEET)
    assert (stored.memory, stored.version, stored.trouble) == (Memory(), None, None)


def test_what_was_saved_is_loaded_at_its_version(world: StoreWorld) -> None:
    version = world.store.save(FLEET, MEMORY, None)
    stored = world.store.load(FLEET)
    assert (stored.memory, stored.version, stored.trouble) == (MEMORY, version, None)


def test_each_save_has_a_version_of_its_own(world: StoreWorld) -> None:
    first = world.store.save(FLEET, MEMORY, None)
    second = world.store.save(FLEET, replace(MEMORY, tick=240), first)
    assert second != first
    assert world.store.load(FLEET).version == second


def test_one_fleets_memory_is_not_anothers(world: StoreWorld) -> None:
    world.store.save(FLEET, MEMORY, None)
    assert world.store.load("other").memory == Memory()
    world.store.save("other", Memory(tick=240), None)
    assert world.store.load(FLEET).memory == MEMORY


def test_a_save_on_an_old_version_is_a_conflict_and_changes_nothing(world: StoreWorld) -> None:
    first = world.store.save(FLEET, MEMORY, None)
    world.store.save(FLEET, Memory(tick=240), first)
    with pytest.raises(MemoryConflictError):
        world.store.save(FLEET, Memory(tick=360), first)
    assert world.store.load(FLEET).memory.tick == 240


def test_a_first_save_after_anothers_is_a_conflict_and_changes_nothing(world: StoreWorld) -> None:
    world.store.save(FLEET, MEMORY, None)
    with pytest.raises(MemoryConflictError):
        world.store.save(FLEET, Memory(), None)
    assert world.store.load(FLEET).memory == MEMORY


def test_a_version_that_never_was_is_a_conflict(world: StoreWorld) -> None:
    with pytest.raises(MemoryConflictError):
        world.store.save(FLEET, MEMORY, 7)
    assert world.store.load(FLEET).version is None


def test_of_writers_at_the_same_time_exactly_one_wins_each_version(world: StoreWorld) -> None:
    """Eight writers, five versions: each round all start from the same one."""
    version: int | None = None
    with ThreadPoolExecutor(8) as threads:
        for round_number in range(5):
            memories = [Memory(tick=10 * round_number + n) for n in range(8)]
            saves = [threads.submit(_save, world.store, one, version) for one in memories]
            won = [save.result() for save in saves]
            [winner] = [n for n, new in enumerate(won) if new is not None]
            version = won[winner]
            stored = world.store.load(FLEET)
            assert (stored.memory, stored.version) == (memories[winner], version)


def _save(store: MemoryStore, memory: Memory, expected: int | None) -> int | None:
    try:
        return store.save(FLEET, memory, expected)
    except MemoryConflictError:
        return None


def test_many_fleets_loaded_at_the_same_time_get_each_its_own(world: StoreWorld) -> None:
    names = [f"f{n}" for n in range(40)]
    for tick, name in enumerate(names[::2]):
        world.store.save(name, Memory(tick=tick + 1), None)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(world.store.load, names))
    assert [one.memory.tick for one in found[::2]] == list(range(1, 21))
    assert all(one.version is None for one in found[1::2])


HARMED = {
    "nothing": "",
    "half": '{"version": 1, "memory": {"tick"',
    "a list": "[]",
    "no memory": '{"version": 1}',
    "no version": '{"memory": {}}',
    "wrong field": '{"version": 1, "memory": {"ticks": 3}}',
    "a newer program's": '{"version": 99, "memory": {"tick": 3}}',
}


@pytest.mark.parametrize("text", HARMED.values(), ids=HARMED)
def test_what_cannot_be_read_is_kept_aside_and_told_and_the_next_save_goes_on(
    outlasting: StoreWorld, text: str
) -> None:
    outlasting.write(text)
    stored = outlasting.store.load(FLEET)
    assert stored.memory == Memory()
    assert stored.trouble is not None
    assert "the tick goes on from listed tasks" in stored.trouble
    assert len(outlasting.aside()) == 1
    outlasting.store.save(FLEET, MEMORY, stored.version)
    after = outlasting.store.load(FLEET)
    assert (after.memory, after.trouble) == (MEMORY, None)
    assert len(outlasting.aside()) == 1


def test_a_newer_programs_memory_is_told_as_such(outlasting: StoreWorld) -> None:
    outlasting.write(HARMED["a newer program's"])
    assert "run the newer version" in (outlasting.store.load(FLEET).trouble or "")
