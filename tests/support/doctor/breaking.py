"""Ways to break an account, by the check that must see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from support.doctor.parts import Parts
from support.doctor.plan import Plan

Break = Callable[[Parts, Plan], None]


@dataclass
class Ways:
    """Plans that are broken in these ways have a queue, or a fleet, of their own."""

    own: Literal["queue", "fleet"]
    by_check: dict[str, Break] = field(default_factory=dict)

    def trip(self, check: str) -> Callable[[Break], Break]:
        def keep(function: Break) -> Break:
            self.by_check[check] = function
            return function

        return keep

    def broken(self, check: str, parts: Parts, plan: Plan) -> Plan:
        plan.own = frozenset({self.own})
        self.by_check[check](parts, plan)
        return plan
