"""Who is killed when: controllers and workers, by seeded chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from support.processes import descendants, kill

from chaos.controllers import Controller

WORKER_EVERY, CONTROLLER_EVERY = (6.0, 12.0), (5.0, 11.0)
"""Shortest and longest seconds between two kills."""

SPARED = 3
"""Fewer workers than this are left alone: three dead in a row are a crash loop to the controller,
which then launches one probe a minute, and nobody is to kill that one."""


@dataclass
class Mischief:
    """Kills; told the time, in seconds of the run."""

    random: Random
    server: int
    controllers: Sequence[Controller]
    killed: dict[str, int] = field(default_factory=lambda: {"workers": 0, "controllers": 0})
    worker_at: float = 7.0
    controller_at: float = 5.0

    def at(self, now: float) -> None:
        """Kill whoever is due."""
        if now >= self.worker_at:
            self.worker_at = now + self.random.uniform(*WORKER_EVERY)
            self._kill_worker()
        if now >= self.controller_at:
            self.controller_at = now + self.random.uniform(*CONTROLLER_EVERY)
            victim = self.random.choice(self.controllers)
            self.killed["controllers"] += victim.kill(pause=self.random.uniform(0.2, 3.0))

    def _kill_worker(self) -> None:
        family = descendants(self.server).items()
        workers = sorted(pid for pid, command in family if "chaos.handler" in command)
        if len(workers) >= SPARED:
            try:
                kill(self.random.choice(workers))
            except ProcessLookupError:
                return  # it ended by itself just now
            self.killed["workers"] += 1
