"""The page on peers has a row for each, with the cadence it really has, and for each worker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autoscaler.core.units import parse_duration
from autoscaler.simulation.peers.hands import HANDS
from autoscaler.simulation.peers.registry import PEERS

PAGE = (Path(__file__).parents[3] / "docs" / "peers.md").read_text(encoding="utf-8")


def cells(name: str) -> list[str]:
    """Of the table's row that begins with this name."""
    found = re.search(rf"^\| `{name}` \|(.*)\|$", PAGE, flags=re.MULTILINE)
    assert found, f"{name} has no row"
    return [cell.strip() for cell in found[1].split("|")]


@pytest.mark.parametrize("name", sorted(PEERS.keys() - {"static"}))
def test_a_peer_is_told_with_its_cadence(name: str) -> None:
    written = cells(name)[1].split(";")[0].replace(" min", "m").replace(" s", "s")
    assert parse_duration(written) == PEERS[name]().period


@pytest.mark.parametrize("name", sorted(PEERS))
def test_no_row_is_empty(name: str) -> None:
    assert len(cells(name)) == 5


@pytest.mark.parametrize("name", sorted(HANDS))
def test_whose_worker_it_is_has_a_row(name: str) -> None:
    assert len(cells(name)) == 2
