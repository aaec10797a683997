"""Policies are found by name, the house's own and anyone's alike."""

from __future__ import annotations

import importlib.metadata
import sys
from dataclasses import dataclass
from importlib.metadata import EntryPoint, EntryPoints
from types import ModuleType
from typing import ClassVar

import pytest

from autoscaler import plugins
from autoscaler.core.errors import ConfigurationError
from policies.depth import Depth


@dataclass(frozen=True)
class Theirs:
    needs: ClassVar = ()

    def advise(self, seen):
        raise NotImplementedError


class NoDataclass:
    needs = ()

    def advise(self, seen):
        raise NotImplementedError


@dataclass(frozen=True)
class Mute:
    advise: int = 3


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Somebody's package, as if it were installed with its entry points."""
    package = ModuleType("their_package")
    package.Theirs, package.NoDataclass, package.Mute = Theirs, NoDataclass, Mute
    package.instance = Theirs()
    monkeypatch.setitem(sys.modules, "their_package", package)
    values = {
        "theirs": "their_package:Theirs",
        "plain": "their_package:NoDataclass",
        "mute": "their_package:Mute",
        "instance": "their_package:instance",
        "missing": "their_package:Missing",
        "absent": "no_such_package:Policy",
        "exploding": "support.exploding:Policy",
        "depth": "their_package:Theirs",
    }
    points = EntryPoints(EntryPoint(name, value, plugins.GROUP) for name, value in values.items())
    monkeypatch.setattr(importlib.metadata, "entry_points", points.select)
    return values


def test_the_houses_own_come_from_a_table_and_cannot_be_replaced():
    assert plugins.find("depth") is Depth


def test_anyones_come_by_entry_point():
    assert plugins.find("theirs") is Theirs


def test_all_are_named_the_houses_own_first_and_none_twice(installed):
    others = sorted(name for name in installed if name != "depth")
    assert plugins.names() == [*plugins.BUILT_IN, *others]


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ConfigurationError, match=r"^there is no policy 'dept'; there are depth, "):
        plugins.find("dept")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("plain", "their_package:NoDataclass is not a policy: it has no dataclass fields"),
        ("mute", "their_package:Mute is not a policy: it has no needs and no advise()"),
        ("instance", "their_package:instance is not a policy: it has no dataclass fields"),
        ("absent", "policy 'absent' cannot be loaded: No module named 'no_such_package'"),
        ("exploding", "policy 'exploding' cannot be loaded: it does not work on Sundays"),
    ],
)
def test_what_is_no_policy_is_refused_in_a_sentence(name, sentence, monkeypatch):
    def importing(module):
        if module == "support.exploding":
            raise RuntimeError("it does not work on Sundays")
        return importlib.import_module(module)

    monkeypatch.setattr(plugins, "import_module", importing)
    with pytest.raises(ConfigurationError) as refused:
        plugins.find(name)
    assert str(refused.value) == sentence


def test_a_class_that_is_not_there_is_named():
    with pytest.raises(ConfigurationError, match=r"^policy 'missing' cannot be loaded: .*Missing"):
        plugins.find("missing")


def test_no_installed_package_is_scanned_for_the_houses_own(monkeypatch):
    def scanned(**chosen):
        raise AssertionError("entry points were scanned")

    monkeypatch.setattr(importlib.metadata, "entry_points", scanned)
    assert plugins.find("depth") is Depth
