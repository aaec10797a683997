"""A task definition as it was described, and as it can be registered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autoscaler.core.modes import Shape

Definition = Mapping[str, Any]
"""In the words of RegisterTaskDefinition."""


def registrable(described: Mapping[str, Any], model: Any) -> Definition:
    """Only what RegisterTaskDefinition takes of what DescribeTaskDefinition told.

    The rest, such as `revision`, `status` and `compatibilities`, it refuses. What it takes is read
    from botocore's `model` of its input, at every depth, so that no list of names grows old here.
    """
    definition = _kept(described["taskDefinition"], model)
    tags = [one for one in described.get("tags", ()) if not one["key"].startswith("aws:")]
    return {**definition, "tags": tags} if tags else dict(definition)


def _kept(value: Any, model: Any) -> Any:
    if model.type_name == "structure":
        return {
            name: _kept(one, model.members[name])
            for name, one in value.items()
            if name in model.members
        }
    if model.type_name == "list":
        return [_kept(one, model.member) for one in value]
    return value


def containers(definition: Definition) -> list[str]:
    """The names of its containers."""
    return [one["name"] for one in definition["containerDefinitions"]]


def shaped(definition: Definition, shape: Shape, container: str) -> Definition:
    """The definition in another shape.

    A container whose own limit is that of the task follows it: it would stay small in a large
    task, and could not be registered in a small one.
    """
    size = {"cpu": shape.cpu, "memory": shape.memory}
    new = {**definition, **{name: str(one) for name, one in size.items() if one is not None}}
    new["containerDefinitions"] = [
        _fitted(one, definition, new, shape.environment if one["name"] == container else {})
        for one in definition["containerDefinitions"]
    ]
    return new


def _fitted(
    container: Mapping[str, Any],
    old: Definition,
    new: Definition,
    environment: Mapping[str, str],
) -> Mapping[str, Any]:
    fitted = dict(container)
    for name in ("cpu", "memory"):
        if fitted.get(name) and str(fitted[name]) == old.get(name):
            fitted[name] = int(new[name])
    return {**fitted, "environment": _set(fitted, environment)} if environment else fitted


def _set(container: Mapping[str, Any], environment: Mapping[str, str]) -> list[dict[str, str]]:
    before = {one["name"]: one["value"] for one in container.get("environment", ())}
    return [{"name": name, "value": one} for name, one in {**before, **environment}.items()]


def same(one: Definition, other: Definition) -> bool:
    """Whether they mean the same: neither variables nor tags have an order."""
    return _ordered(one) == _ordered(other)


def _ordered(definition: Definition) -> Definition:
    by_name = _sorter("name")
    ordered = [
        {**one, "environment": by_name(one.get("environment", ()))}
        for one in definition["containerDefinitions"]
    ]
    tags = _sorter("key")(definition.get("tags", ()))
    return {**definition, "containerDefinitions": ordered, "tags": tags}


def _sorter(key: str) -> Callable[[Any], list[Any]]:
    return lambda items: sorted(items, key=lambda one: str(one[key]))


def changes(old: Definition, new: Definition) -> tuple[str, str]:
    """What differs in what a shape sets, before and after, in words."""
    before, after = _facts(old), _facts(new)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return _words(before, names), _words(after, names)


def _facts(definition: Definition) -> dict[str, str]:
    size = {name: str(definition[name]) for name in ("cpu", "memory") if definition.get(name)}
    variables = {
        f"{container['name']}.{one['name']}": one["value"]
        for container in definition["containerDefinitions"]
        for one in container.get("environment", ())
    }
    return {**size, **variables}


def _words(facts: Mapping[str, str], names: list[str]) -> str:
    return ", ".join(f"{name} {facts.get(name, 'unset')}" for name in names) or "as it is"
