"""The picture of the rooms is that of the imports; lines go downwards only."""

from __future__ import annotations

from deploy.site.rooms import PICTURE, levels, lines, rooms, svg


def test_the_picture_is_that_of_the_code() -> None:
    assert PICTURE.read_text(encoding="utf-8") == svg(rooms()), (
        "the rooms' imports have changed; draw them again by `python -m deploy.site.rooms`"
    )


def test_every_room_stands_above_what_it_imports() -> None:
    of = {"top": frozenset({"core", "middle"}), "middle": frozenset({"core"}), "core": frozenset()}

    assert levels(of) == [["core"], ["middle"], ["top"]]
    assert [*lines(of)] == [("middle", "core"), ("top", "middle")]


def test_the_core_is_on_the_ground_and_imports_nothing() -> None:
    assert rooms()["core"] == frozenset()
    assert "core" in levels(rooms())[0]
