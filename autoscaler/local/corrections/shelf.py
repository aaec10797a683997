"""The messages of one queue, found without looking at all of them.

moto keeps a list and walks it several times a call. Here every message has a place, moves between
places in O(log n), and the counts are kept as it moves; time-outs are a heap looked at whenever the
shelf is asked something, so that counts are live to the millisecond. All times are milliseconds.
"""

from __future__ import annotations

import heapq
from collections import Counter, OrderedDict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from autoscaler.local.corrections.slips import Place, Slip, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DELETED_KEPT = 10_000  # handles of deleted messages, so that deleting twice succeeds as on AWS
_DEDUPLICATED_FOR = 300_000.0  # ms, SQS FIFO's deduplication interval
_VOID_TIMERS = 1000
_LEFT_OUT_OF_AGE = 3  # receives after which a standard queue's age skips a message


class Shelf:
    """Messages in order of arrival. `lane_of` names a message's FIFO group, None if it has none.

    While a message of a lane is in hand, the rest of that lane waits; no lane waits for another.
    """

    def __init__(self, lane_of: Callable[[Any], str | None]) -> None:
        self._lane_of = lane_of
        self._slips: dict[int, Slip] = {}
        self._by_handle: dict[str, Slip] = {}
        self._lanes: dict[str | None, list[tuple[int, int, Slip]]] = {}
        self._in_hand: Counter[str] = Counter()
        self._timers: list[tuple[float, int, int, Slip]] = []
        self._counts = dict.fromkeys(Place, 0)
        self._deleted: OrderedDict[str, None] = OrderedDict()
        self._deduplicated: OrderedDict[str, float] = OrderedDict()
        self._arrivals = 0
        self.tally = Tally()
        self.moves = 0

    def __iter__(self) -> Iterator[Any]:
        return iter([slip.message for slip in self._slips.values()])

    def count(self, place: Place, now: float) -> int:
        """Return how many messages are in this place now."""
        self.settle(now)
        return self._counts[place]

    def groups_in_hand(self, now: float) -> int:
        """Return how many FIFO groups have a message in hand now."""
        self.settle(now)
        return len(self._in_hand)

    def oldest_age(self, now: float) -> float | None:
        """Return the age AWS publishes, in ms; None without a message that counts.

        A standard queue leaves out messages received three times or more, poison or not.
        """
        self.settle(now)
        for slip in self._slips.values():
            worn = slip.lane is None and slip.receives >= _LEFT_OUT_OF_AGE
            if slip.place is not Place.DELAYED and not worn:
                return max(0.0, now - slip.arrived)
        return None

    def next_due(self) -> float | None:
        """Return when the next delay or visibility time-out may end, None for never."""
        return self._timers[0][0] if self._timers else None

    def take_tally(self) -> Tally:
        """Return the tally and begin a new one."""
        taken, self.tally = self.tally, Tally()
        return taken

    # ------------------------------------------------------------------------------- moves

    def add(self, message: Any, now: float, *, delayed_until: float = 0.0) -> None:
        """Put a message at the end."""
        self._arrivals += 1
        place = Place.DELAYED if delayed_until > now else Place.READY
        slip = Slip(message, self._arrivals, now, self._lane_of(message), place)
        self._slips[slip.order] = slip
        self._counts[place] += 1
        self._file(slip, delayed_until)

    def take(self, count: int, most_receives: float, now: float) -> tuple[list[Slip], list[Any]]:
        """Take up to `count` ready messages off, to be handed to `hold`.

        The second list is what was received `most_receives` times already: it has left the shelf.
        """
        self.settle(now)
        taken: list[Slip] = []
        worn_out: list[Any] = []
        for lane in self._open_lanes():
            while len(taken) < count and (slip := self._pop(lane)) is not None:
                if slip.receives >= most_receives:
                    self.remove(slip)
                    worn_out.append(slip.message)
                else:
                    taken.append(slip)
        return taken, worn_out

    def oldest_ready(self, now: float) -> Slip | None:
        """Return what a receive would get next, and leave it there."""
        self.settle(now)
        lanes = self._open_lanes()
        return self._head(lanes[0]) if lanes else None

    def hold(self, slip: Slip, handle: str, until: float, now: float) -> None:
        """Give a taken message out under this handle until that time."""
        slip.receives += 1
        slip.handles.append(handle)
        self._by_handle[handle] = slip
        self._move(slip, until, now)

    def find(self, handle: str) -> Slip | None:
        """Return what was given out under this handle and is still here."""
        return self._by_handle.get(handle)

    def hide(self, slip: Slip, until: float, now: float) -> None:
        """Change how long a message given out stays hidden; not at all puts it back."""
        self.settle(now)
        self._move(slip, until, now)

    def delete(self, handle: str) -> bool:
        """Delete a message by any handle it ever had; return whether the handle was valid."""
        slip = self._by_handle.get(handle)
        if slip is not None:
            self.remove(slip)
            self._remember_deleted(slip)
        elif handle not in self._deleted:
            return False
        self.tally.deleted += 1
        return True

    def clear(self) -> None:
        """Purge: every message goes."""
        for slip in list(self._slips.values()):
            self.remove(slip)

    def drop_older_than(self, sent_before: float) -> None:
        """Forget messages past their retention, the oldest first."""
        while self._slips:
            slip = next(iter(self._slips.values()))
            if slip.message.sent_timestamp > sent_before:
                return
            self.remove(slip)

    def is_duplicate(self, deduplication_id: str, now: float) -> bool:
        """Whether a FIFO message of this id came in the last five minutes; remembers it if not."""
        while self._deduplicated and next(iter(self._deduplicated.values())) <= now:
            self._deduplicated.popitem(last=False)
        if deduplication_id in self._deduplicated:
            return True
        self._deduplicated[deduplication_id] = now + _DEDUPLICATED_FOR
        return False

    def settle(self, now: float) -> None:
        """Make ready what a delay or a visibility time-out held until now."""
        while self._timers and self._timers[0][0] <= now:
            _, _, turn, slip = heapq.heappop(self._timers)
            if self._is_current(slip, turn):
                self._move(slip, 0.0, now)

    # ----------------------------------------------------------------------------- details

    def _open_lanes(self) -> list[str | None]:
        """Lanes with a ready message and none in hand, the oldest message first."""
        heads = {lane: self._head(lane) for lane in list(self._lanes) if not self._busy(lane)}
        found = [(slip.order, lane) for lane, slip in heads.items() if slip is not None]
        return [lane for _, lane in sorted(found, key=itemgetter(0))]

    def _head(self, lane: str | None) -> Slip | None:
        """Return the oldest message of a lane, clearing away what has moved since it was filed."""
        heap = self._lanes.get(lane, [])
        while heap and not self._is_current(heap[0][2], heap[0][1]):
            heapq.heappop(heap)
            self.moves += 1
        if heap:
            return heap[0][2]
        self._lanes.pop(lane, None)
        return None

    def _busy(self, lane: str | None) -> bool:
        return lane is not None and self._in_hand[lane] > 0

    def _pop(self, lane: str | None) -> Slip | None:
        slip = self._head(lane)
        if slip is not None:
            heapq.heappop(self._lanes[lane])
            self.moves += 1
        return slip

    def _move(self, slip: Slip, until: float, now: float) -> None:
        self._leave(slip)
        slip.place = Place.IN_HAND if until > now else Place.READY
        slip.turn += 1
        self._counts[slip.place] += 1
        if slip.place is Place.IN_HAND and slip.lane is not None:
            self._in_hand[slip.lane] += 1
        self._file(slip, until)

    def _file(self, slip: Slip, until: float) -> None:
        self.moves += 1
        if slip.place is Place.READY:
            lane = self._lanes.setdefault(slip.lane, [])
            heapq.heappush(lane, (slip.order, slip.turn, slip))
        else:
            heapq.heappush(self._timers, (until, slip.order, slip.turn, slip))
            self._drop_void_timers()

    def _drop_void_timers(self) -> None:
        """A deleted message's timer holds the message until it is due, which may be 12 hours."""
        if len(self._timers) > 2 * len(self._slips) + _VOID_TIMERS:
            alive = [each for each in self._timers if self._is_current(each[3], each[2])]
            heapq.heapify(alive)
            self._timers = alive

    def _is_current(self, slip: Slip, turn: int) -> bool:
        return slip.turn == turn and slip.order in self._slips

    def _leave(self, slip: Slip) -> None:
        self._counts[slip.place] -= 1
        if slip.place is Place.IN_HAND and slip.lane is not None:
            self._in_hand[slip.lane] -= 1
            if not self._in_hand[slip.lane]:
                del self._in_hand[slip.lane]

    def remove(self, slip: Slip) -> None:
        """Take a message off for good."""
        self._leave(slip)
        del self._slips[slip.order]
        for handle in slip.handles:
            del self._by_handle[handle]

    def _remember_deleted(self, slip: Slip) -> None:
        self._deleted.update(dict.fromkeys(slip.handles))
        while len(self._deleted) > _DELETED_KEPT:
            self._deleted.popitem(last=False)
