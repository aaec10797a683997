"""The rooms and what they import, as a picture: `python -m deploy.site.rooms`.

A room is drawn above all that it imports. What it also reaches through another room has no line of
its own, so that the lines show who stands on whom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import mean

import grimp

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "rooms.svg"
LEFT_OUT = {"__main__", "autoscaler"}
"""The way in, and the version: everybody's."""
WIDTH, ROW = 960, 86
BOX_WIDTH, BOX_HEIGHT, GAP = 104, 34, 16
STYLE = """
text { font: 14px system-ui, sans-serif; text-anchor: middle; fill: #1c2733; }
rect { fill: #eef3f8; stroke: #5b6b7c; }
.core rect { fill: #d5e8f6; stroke: #0b6aa8; stroke-width: 2; }
line { stroke: #8796a6; }
@media (prefers-color-scheme: dark) {
  text { fill: #e4ebf2; }
  rect { fill: #22303d; stroke: #93a4b5; }
  .core rect { fill: #123a56; stroke: #5fb4ea; }
  line { stroke: #6f8091; }
}
"""

Rooms = Mapping[str, frozenset[str]]
"""Each room with those that it imports."""


def rooms() -> Rooms:
    """As the code imports now."""
    graph = grimp.build_graph("autoscaler", "policies", cache_dir=None)
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        room = _room(module)
        found[room] |= {_room(one) for one in graph.find_modules_directly_imported_by(module)}
    return {
        room: frozenset(imported - LEFT_OUT - {room})
        for room, imported in found.items()
        if room not in LEFT_OUT
    }


def _room(module: str) -> str:
    package, *rest = module.split(".")
    return rest[0] if package == "autoscaler" and rest else package


def levels(of: Rooms) -> list[list[str]]:
    """The rooms from the ground up, each on the lowest floor above all that it imports."""
    floor: dict[str, int] = {}

    def height(room: str) -> int:
        if room not in floor:
            floor[room] = 1 + max(map(height, of[room]), default=-1)
        return floor[room]

    floors: dict[int, list[str]] = defaultdict(list)
    for room in sorted(of):
        floors[height(room)].append(room)
    return _in_order(of, [floors[at] for at in sorted(floors)])


def _in_order(of: Rooms, floors: list[list[str]]) -> list[list[str]]:
    """Each room about above those that it stands on, and the core in the middle of the ground."""
    first, *others = floors
    ground = [one for one in first if one != "core"]
    ordered = [[*ground[: len(ground) // 2], "core", *ground[len(ground) // 2 :]]]
    at = {room: n - (len(ordered[0]) - 1) / 2 for n, room in enumerate(ordered[0])}
    near = defaultdict(list)
    for room, one in lines(of):
        near[room].append(one)
    for floor in others:
        place = {room: mean(at[one] for one in near[room]) for room in floor}
        ordered.append(sorted(floor, key=place.__getitem__))
        at |= {room: n - (len(floor) - 1) / 2 for n, room in enumerate(ordered[-1])}
    return ordered


def lines(of: Rooms) -> Iterator[tuple[str, str]]:
    """Who imports whom, without what is reached through another."""
    for room, imported in sorted(of.items()):
        through = {far for near in imported for far in _reached(of, near)}
        yield from ((room, one) for one in sorted(imported - through))


def _reached(of: Rooms, room: str) -> Iterable[str]:
    for one in of[room]:
        yield one
        yield from _reached(of, one)


def svg(of: Rooms) -> str:
    """The picture, in light and dark."""
    floors = levels(of)
    places = {
        room: (_left(n, len(floor)), ROW * (len(floors) - 1 - at) + 10)
        for at, floor in enumerate(floors)
        for n, room in enumerate(floor)
    }
    drawn = [_line(places[one], places[other]) for one, other in lines(of)]
    drawn += [_box(room, *place) for room, place in sorted(places.items())]
    height = ROW * (len(floors) - 1) + BOX_HEIGHT + 20
    told = "The rooms of the code: each stands above those that it imports."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        f"<title>{told}</title>\n<style>{STYLE}</style>\n" + "\n".join(drawn) + "\n</svg>\n"
    )


def _left(n: int, count: int) -> float:
    whole = count * BOX_WIDTH + (count - 1) * GAP
    return (WIDTH - whole) / 2 + n * (BOX_WIDTH + GAP)


def _line(above: tuple[float, float], below: tuple[float, float]) -> str:
    middle = BOX_WIDTH / 2
    return (
        f'<line x1="{above[0] + middle:g}" y1="{above[1] + BOX_HEIGHT:g}" '
        f'x2="{below[0] + middle:g}" y2="{below[1]:g}"/>'
    )


def _box(room: str, left: float, top: float) -> str:
    kind = ' class="core"' if room == "core" else ""
    return (
        f'<g{kind}><rect x="{left:g}" y="{top:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" '
        f'rx="5"/><text x="{left + BOX_WIDTH / 2:g}" y="{top + 22:g}">{room}</text></g>'
    )


if __name__ == "__main__":
    PICTURE.write_text(svg(rooms()), encoding="utf-8")
