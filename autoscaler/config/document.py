"""A whole configuration as it is written, and how that becomes ``Settings``.

Written and meant differ in two places: policies are a list of which each gets its name from
its ``type``, and the store is told apart by ``type``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from autoscaler import plugins
from autoscaler.config.choice import Choice, Chosen
from autoscaler.config.form import form
from autoscaler.config.problems import Report
from autoscaler.config.sentences import explain, follows
from autoscaler.config.tree import Node, plain
from autoscaler.core.rules import Policy
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
    return form(
        Settings,
        fleets=_by_name(FleetSettings),
        queues=_by_name(form(QueueSettings, policies=_policies(shown))),
        period=Annotated[period, Field(gt=0)],
        store=Annotated[Any, _stores(), AfterValidator(_value)],
    )


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


def _stores() -> Choice:
    arms = {_type_of(arm): arm for arm in get_args(StoreSettings)}
    return Choice("store", arms.__getitem__, lambda: [*arms], tuple(arms))


def _type_of(cls: type[Any]) -> str:
    (name,) = get_args(get_type_hints(cls)["type"])
    return str(name)


def _value(chosen: Chosen) -> Any:
    return chosen.value
