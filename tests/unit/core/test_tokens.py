"""A launch has one name for whoever repeats it, and no other launch has it."""

from __future__ import annotations

import re

from support.values import NOW

from autoscaler.core.actions import Launch, Nothing
from autoscaler.core.tasks import Provider
from autoscaler.core.tokens import Namer, client_token

NAMES = Namer("house", "f", 7)
SPOT, ON_DEMAND = Launch(Provider.FARGATE_SPOT, 3), Launch(Provider.FARGATE, 2)


def test_a_token_stays_the_same_from_version_to_version():
    """A tick that one version began may be finished by the next."""
    token = client_token("house", "f", 1_700_000_040, 0)
    assert token == "548f8c20676df70a90bbfffd7394c279b639fb3282a34855"


def test_a_token_is_one_that_ecs_takes():
    assert re.fullmatch(r"[0-9a-f]{48}", client_token("house", "f", 1, 0))


def test_every_part_makes_a_different_token():
    parts = [("a", "f", 1, 0), ("b", "f", 1, 0), ("a", "g", 1, 0), ("a", "f", 2, 0)]
    parts += [("a", "f", 1, 1), ("af", "", 1, 0), ("a", "f1", 1, 0), ("a", "f", 11, 0)]
    assert len({client_token(*each) for each in parts}) == len(parts)


def test_launches_become_intents_numbered_in_order():
    first, second = NAMES.intents((SPOT, Nothing(), ON_DEMAND), 0, NOW)
    assert (first.launch, first.n, first.token) == (SPOT, 0, client_token("house", "f", 7, 0))
    assert (second.launch, second.n, second.token) == (
        ON_DEMAND,
        1,
        client_token("house", "f", 7, 1),
    )
    assert (first.tick, first.saved_at, first.seen) == (7, NOW, ())


def test_a_second_round_goes_on_with_numbers_of_its_own():
    (third,) = NAMES.intents((SPOT,), 2, NOW)
    assert (third.n, third.token) == (2, client_token("house", "f", 7, 2))


def test_nothing_to_do_is_nothing_intended():
    assert NAMES.intents((Nothing(),), 0, NOW) == ()
