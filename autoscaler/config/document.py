"""A whole configuration as it is written, and how that becomes ``Settings``.

Written and meant differ in three places: policies are a list of which each gets its name from
its ``type``, the store is told apart by ``type``, and fleets of both kinds stand side by side.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from autoscaler import plugins
from autoscaler.config.choice import Choice, Chosen
from autoscaler.config.form import form
from autoscaler.config.problems import Report
from autoscaler.config.sentences import explain, follows
from autoscaler.config.tree import Node, plain
from autoscaler.core.notify_settings import NotifySettings, Place
from autoscaler.core.rules import Policy
from autoscaler.core.service_settings import ServiceSettings
from autoscaler.core.settings import FleetSettings, QueueSettings, Settings, StoreSettings

_SOME = Field(min_length=1)


def validate(tree: Node, report: Report) -> Settings | None:
    """The settings a tree describes; None, with the problems reported, when it is wrong."""
    try:
        return _reader().validate_json(json.dumps(plain(tree)))
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            if not follows(detail, tree):
                report(explain(detail, tree, document()))
    return None


@cache
def _reader() -> TypeAdapter[Settings]:
    return TypeAdapter(document())


@cache
def document(shown: tuple[str, ...] = tuple(plugins.BUILT_IN)) -> Any:
    """The type of a configuration as written. ``shown``: the policies its schema describes."""
    period = get_type_hints(Settings, include_extras=True)["period"]
    place = Annotated[Any, _places(), AfterValidator(_value)]
    written = form(
        Settings,
        fleets=_by_name(Annotated[Any, _fleets(), AfterValidator(_value)]),
        queues=_by_name(form(QueueSettings, policies=_policies(shown))),
        period=Annotated[period, Field(gt=0)],
        store=Annotated[Any, _stores(), AfterValidator(_value)],
        notify=form(NotifySettings, to=Mapping[str, place]),
    )
    return Annotated[written, AfterValidator(_apart)]


def _by_name(written: Any) -> Any:
    return Annotated[Mapping[str, written], _SOME]


def _policies(shown: tuple[str, ...]) -> Any:
    known = Choice("policy", plugins.find, plugins.names, shown)
    return Annotated[list[Annotated[Any, known]], _SOME, AfterValidator(_named)]


def _named(policies: Sequence[Chosen]) -> dict[str, Policy]:
    """By type; the second of a type is ``depth-2``."""
    seen: Counter[str] = Counter()
    named = {}
    for policy in policies:
        seen[policy.name] += 1
        number = seen[policy.name]
        named[policy.name if number == 1 else f"{policy.name}-{number}"] = policy.value
    return named


def _fleets() -> Choice:
    arms = {"tasks": FleetSettings, "service": ServiceSettings}
    return Choice("run", arms.__getitem__, lambda: [*arms], tuple(arms), "run", "tasks")


def _apart(settings: Settings) -> Settings:
    """Services told apart from fleets whose tasks drain and exit."""
    kinds: Any = settings.fleets.items()
    return replace(
        settings,
        fleets={name: one for name, one in kinds if isinstance(one, FleetSettings)},
        services={name: one for name, one in kinds if isinstance(one, ServiceSettings)},
    )


def _stores() -> Choice:
    return _one_of("store", StoreSettings)


def _places() -> Choice:
    return _one_of("place", Place)


def _one_of(noun: str, union: Any) -> Choice:
    """One of several classes that their ``type`` tells apart."""
    arms = {_type_of(arm): arm for arm in get_args(union)}
    return Choice(noun, arms.__getitem__, lambda: [*arms], tuple(arms))


def _type_of(cls: type[Any]) -> str:
    (name,) = get_args(get_type_hints(cls)["type"])
    return str(name)


def _value(chosen: Chosen) -> Any:
    return chosen.value
