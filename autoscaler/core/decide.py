"""One observation and one set of rules become one decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from autoscaler.core.advice import ask
from autoscaler.core.altered import altered
from autoscaler.core.model import Advice, Cause, Decision, Heard, Observation, Reason, Restraint
from autoscaler.core.rules import Combine, FleetRules, QueueRules

Notes = Mapping[str, Mapping[str, Any]]


def decide(seen: Observation, rules: FleetRules, notes: Notes) -> Decision:
    """Combine all advice, bound it, and say why at every step. Pure.

    wants combined -> raised to the largest ``at_least`` -> cut to the smallest ``at_most``
    -> held back by restraints, those that policies advise included -> never forgetting a waiting
    message -> cut by ``max_tasks``, which nothing can lift.
    """
    if seen.fleet is None:
        return _hold(seen, Cause.FLEET_UNKNOWN, "The fleet is unknown, so nothing is launched.")
    steps = _Steps()
    wants = {
        queue.name: want
        for queue in rules.queues
        if (want := steps.queue(seen, queue, notes)) is not None
    }
    if not wants:
        text = "No policy was able to advise, so nothing is launched."
        return _hold(seen, Cause.NOBODY_ADVISED, text, steps)
    if advised := tuple(steps.advised_restraints()):
        seen = altered(seen, restraints=seen.restraints + advised)
    target = steps.together(seen, wants, rules)
    target = steps.raise_to(target, rules.limits.min_tasks, "min_tasks")
    target = steps.restrain(seen, target)
    target = _never_forget(seen, target, steps)
    target = steps.cut_to(target, rules.limits.max_tasks, Cause.MAX_TASKS, "max_tasks")
    return _decision(seen, target, steps)


class _Steps:
    """What has been heard and why each step was taken, in order."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.reasons: list[Reason] = []

    def say(self, cause: Cause, text: str, **whose: str) -> None:
        self.reasons.append(Reason(cause, text, **whose))

    def queue(self, seen: Observation, rules: QueueRules, notes: Notes) -> int | None:
        """What one queue's policies want together, within the bounds they set."""
        heard = [self._hear(seen, rules.name, policy, rules, notes) for policy in rules.policies]
        wants = {one.policy: one.advice.want for one in heard if one.advice.want is not None}
        want = self._one_of(rules.combine, wants, queue=rules.name) if wants else None
        want = self._without_want(seen, rules, heard) if want is None else want
        if want is None:
            text = f"What queue {rules.name} wants is unknown."
            self.say(Cause.QUEUE_UNKNOWN, text, queue=rules.name)
            return None
        return self._bounded(want, heard)

    def _hear(
        self, seen: Observation, queue: str, policy: str, rules: QueueRules, notes: Notes
    ) -> Heard:
        shown = seen.of(queue, notes.get(f"{queue}/{policy}"))
        advice, reason = ask(rules.policies[policy], shown, policy)
        heard = Heard(queue, policy, advice)
        self.heard.append(heard)
        self.reasons.append(reason)
        return heard

    def _one_of(self, combine: Combine, wants: Mapping[str, int], **at: str) -> int:
        """Several wants as one, and whose it is."""
        want = combine.of(list(wants.values()))
        if len(wants) > 1:
            said = ", ".join([f"{who} {one}" for who, one in wants.items()])
            winners = [who for who, one in wants.items() if one == want]
            whose = "" if combine is Combine.SUM else f", of {winners[0]}"
            self.say(Cause.COMBINED, f"{said}: the {combine} is {want}{whose}.", **at)
        return want

    def _without_want(
        self, seen: Observation, rules: QueueRules, heard: Iterable[Heard]
    ) -> int | None:
        """Nobody wants a total: the fallback, or what lives where somebody set a floor."""
        fallback = self._fallback(seen, rules)
        floor = any(one.advice.at_least is not None for one in heard)
        return seen.live if fallback is None and floor else fallback

    def _fallback(self, seen: Observation, rules: QueueRules) -> int | None:
        blind = seen.blind_ticks.get(rules.name, 0)
        fallback = rules.when_unknown
        if fallback is None or blind < fallback.after_ticks:
            return None
        unknown = f"The counts of {rules.name} are unknown for {blind} ticks"
        text = f"{unknown}; {fallback.want} is wanted instead."
        self.say(Cause.FALLBACK, text, queue=rules.name)
        return fallback.want

    def _bounded(self, want: int, heard: Iterable[Heard]) -> int:
        floors = [one for one in heard if one.advice.at_least is not None]
        for one in floors:
            want = self.raise_to(want, one.advice.at_least or 0, one.policy, queue=one.queue)
        for one in heard:
            if one.advice.at_most is not None:
                want = self.cut_to(
                    want, one.advice.at_most, Cause.AT_MOST, one.policy, queue=one.queue
                )
        return want

    def advised_restraints(self) -> Iterator[Restraint]:
        """What policies said of new tasks, for their own queue or for the whole fleet."""
        for one in self.heard:
            until, most = one.advice.look_again_at, one.advice.new_tasks
            if one.advice.pause:
                text = f"{one.policy} lets no new task start for {one.queue}."
                yield Restraint(Cause.NEW_TASKS, text, 0, one.queue, until)
            if most is not None:
                text = f"{one.policy} lets {most} new tasks through."
                yield Restraint(Cause.NEW_TASKS, text, most, until=until)

    def together(self, seen: Observation, wants: Mapping[str, int], rules: FleetRules) -> int:
        """All wants as one. A restrained queue keeps what lives, and adds nothing to it.

        Its want is not cut to what lives: in a sum that would count the whole fleet again.
        """
        wanted = self._one_of(rules.combine, wants)
        free = rules.combine.of([self._freely(seen, *each) for each in wants.items()])
        return min(wanted, max(seen.live, free))

    def _freely(self, seen: Observation, queue: str, want: int) -> int:
        """What a queue may want of new tasks."""
        for restraint in seen.restraints:
            if restraint.queue == queue and want > restraint.new_tasks:
                self.say(restraint.cause, restraint.text, queue=queue)
                want = restraint.new_tasks
        return want

    def restrain(self, seen: Observation, target: int) -> int:
        """Let through no more new tasks than the restraints of the whole fleet."""
        for restraint in seen.restraints:
            most = seen.live + restraint.new_tasks
            if restraint.queue is None and target > most:
                self.say(restraint.cause, restraint.text)
                target = most
        return target

    def raise_to(self, target: int, floor: int, whose: str, **at: str) -> int:
        if floor <= target:
            return target
        self.say(Cause.AT_LEAST, f"Raised from {target} to {floor} by {whose}.", **at)
        return floor

    def cut_to(self, target: int, ceiling: int, cause: Cause, whose: str, **at: str) -> int:
        if target <= ceiling:
            return target
        self.say(cause, f"Cut from {target} to {ceiling} by {whose}.", **at)
        return ceiling


def _never_forget(seen: Observation, target: int, steps: _Steps) -> int:
    """A visible message with no live task: one task, or say until when it waits and why."""
    waiting = [name for name, reading in seen.readings.items() if reading.visible]
    if target > 0 or seen.live > 0:
        return target
    for queue in waiting:
        advised = [one for one in steps.heard if one.queue == queue and _holds(one, seen.now)]
        restraints = [one for one in seen.restraints if _restrains(one, queue)]
        if not advised and not restraints:
            steps.say(Cause.NOT_FORGOTTEN, f"A message waits in {queue}, so one task is wanted.")
            return 1
        ends = [one.until for one in restraints if one.until is not None]
        asked = _soonest([one.advice for one in advised], seen.now)
        until = asked or min(ends, default=seen.next_tick_at)
        who = ", ".join([one.policy for one in advised] + [one.cause.value for one in restraints])
        text = f"A message in {queue} waits until second {until:.0f} because of {who}."
        steps.say(Cause.WAITS, text, queue=queue)
    return target


def _restrains(restraint: Restraint, queue: str) -> bool:
    return restraint.new_tasks == 0 and restraint.queue in (None, queue)


def _holds(one: Heard, now: float) -> bool:
    """Whether this advice keeps its own queue's messages waiting, and knows until when."""
    return one.advice.at_most == 0 or _soonest([one.advice], now) is not None


def _soonest(advice: Iterable[Advice], now: float) -> float | None:
    """When a look is asked for next."""
    asked = [one.look_again_at for one in advice if one.look_again_at is not None]
    return min([at for at in asked if at > now], default=None)


_plans = attrgetter("spot_share", "stay_until", "look_again_at")
_NO_PLANS = (None, None, None)


def _decision(seen: Observation, target: int, steps: _Steps) -> Decision:
    planned = [one.advice for one in steps.heard if _plans(one.advice) != _NO_PLANS]
    live = seen.live
    if target <= live:
        steps.say(Cause.ENOUGH, f"{target} wanted, {live} live: nothing to launch.")
    else:
        missing = target - live
        steps.say(Cause.LAUNCH, f"{target} wanted, {live} live: {missing} missing.")
    return Decision(
        target=target,
        live=live,
        reasons=tuple(steps.reasons),
        heard=tuple(steps.heard),
        spot_share=min([a.spot_share for a in planned if a.spot_share is not None], default=None),
        stay_until=max([a.stay_until for a in planned if a.stay_until is not None], default=None),
        look_again_at=_soonest(planned, seen.now),
        stays=_stays(planned, live),
    )


def _stays(advice: Iterable[Advice], live: int) -> int | None:
    """How many of the tasks to launch stay: what a floor lacks, or all where none is given."""
    floors = [one.at_least for one in advice if one.stay_until is not None]
    known = [floor for floor in floors if floor is not None]
    return None if len(known) < len(floors) else max(0, max(known, default=0) - live)


def _hold(seen: Observation, cause: Cause, text: str, steps: _Steps | None = None) -> Decision:
    steps = steps or _Steps()
    steps.say(cause, text)
    return Decision(
        target=None,
        live=seen.fleet.live if seen.fleet else None,
        reasons=tuple(steps.reasons),
        heard=tuple(steps.heard),
        look_again_at=_soonest([one.advice for one in steps.heard], seen.now),
    )
