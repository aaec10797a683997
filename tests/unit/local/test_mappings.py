"""The states of an event source mapping, on a clock of the test's own."""

from __future__ import annotations

import pytest

from autoscaler.local.mappings import TOGGLING, MappingState, created


def seen(state: MappingState, begun: float) -> tuple[str, str]:
    """What it is called just before it settles, and when it has."""
    return state.at(begun + TOGGLING.seconds - 0.1), state.at(begun + TOGGLING.seconds)


@pytest.mark.parametrize(("enabled", "then"), [(True, "Enabled"), (False, "Disabled")])
def test_a_new_mapping_is_created_for_a_while(enabled: bool, then: str) -> None:
    assert seen(created(100.0, enabled=enabled), 100.0) == ("Creating", then)


@pytest.mark.parametrize(
    ("was", "wanted", "states"),
    [
        (False, True, ("Enabling", "Enabled")),
        (True, False, ("Disabling", "Disabled")),
        (True, True, ("Updating", "Enabled")),
        (False, False, ("Updating", "Disabled")),
    ],
)
def test_each_change_has_its_word(was: bool, wanted: bool, states: tuple[str, str]) -> None:
    state = created(0.0, enabled=was).updated(100.0, enabled=wanted)
    assert state.changes(100.0)
    assert seen(state, 100.0) == states
    assert not state.changes(100.0 + TOGGLING.seconds)
