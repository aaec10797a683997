"""botocore's data, pruned to the services and operations that the code uses.

botocore reads a service's whole model before its first request, most of it documentation and
operations nobody here asks for. What is used is found in the sources: services by the calls that
make their clients, operations by the methods named anywhere in them or in botocore itself.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from autoscaler.operations.packaging.sources import folder_of, sources

FOLDER = "botocore/data"
_MAKERS = {"_client", "_create", "create_client", "service"}
"""Methods that make a client of the service they are given by name."""
_READ_DOCUMENTED = "clientContextParams"
"""botocore reads these with their documentation, or not at all."""
_COMMON = ("partitions", "sdk-default-configuration", "_retry")


@cache
def models() -> Mapping[str, bytes]:
    """Every file of the data, by its place in the package."""
    return dict(_models())


def _models() -> Iterator[tuple[str, bytes]]:
    loader = Loader(include_default_search_paths=True)
    kept: list[str] = []
    for service in sorted(_services() & set(loader.list_available_services("service-2"))):
        model = pruned(loader.load_service_model(service, "service-2"), _methods())
        if model["operations"]:
            kept.append(service)
            yield from _service(loader, service, model)
    for name in _COMMON:
        yield f"{FOLDER}/{name}.json", _text(loader.load_data(name))
    yield f"{FOLDER}/endpoints.json", _text(_endpoints(loader.load_data("endpoints"), kept))


def pruned(model: Mapping[str, Any], methods: Iterable[str]) -> dict[str, Any]:
    """A service's model with the operations that these methods call, without documentation."""
    wanted = set(methods)
    operations = {
        name: operation
        for name, operation in model["operations"].items()
        if xform_name(name) in wanted
    }
    shapes = model["shapes"]
    needed: set[str] = set()
    waiting = [name for operation in operations.values() for name in _shapes_in(operation)]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _shapes_in(shapes[name])
    kept = {name: shape for name, shape in shapes.items() if name in needed}
    whole = {**model, "operations": operations, "shapes": kept}
    return {
        key: part if key == _READ_DOCUMENTED else _undocumented(part)
        for key, part in whole.items()
        if key != "documentation"
    }


def _service(loader: Loader, service: str, model: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    version = loader.determine_latest_version(service, "service-2")
    folder = f"{FOLDER}/{service}/{version}"
    yield f"{folder}/service-2.json", _text(model)
    rules = loader.load_service_model(service, "endpoint-rule-set-1")
    yield f"{folder}/endpoint-rule-set-1.json", _text(rules)
    try:
        pages = loader.load_service_model(service, "paginators-1")["pagination"]
    except UnknownServiceError:
        return
    used = {name: page for name, page in pages.items() if name in model["operations"]}
    if used:
        yield f"{folder}/paginators-1.json", _text({"pagination": used})


def _shapes_in(part: Any) -> Iterator[str]:
    """The shapes that an operation or a shape refers to."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "shape" and isinstance(value, str):
                yield value
            yield from _shapes_in(value)
    elif isinstance(part, list):
        for one in part:
            yield from _shapes_in(one)


def _undocumented(part: Any) -> Any:
    """Without documentation; a member of that name is a mapping, and stays."""
    if isinstance(part, list):
        return [_undocumented(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _undocumented(value)
        for key, value in part.items()
        if key != "documentation" or isinstance(value, dict)
    }


def _endpoints(known: Mapping[str, Any], services: Iterable[str]) -> dict[str, Any]:
    """The older list of addresses, of these services; CloudWatch's is called monitoring there."""
    wanted = {*services, "monitoring"}
    partitions = [
        {**one, "services": {name: at for name, at in one["services"].items() if name in wanted}}
        for one in known["partitions"]
    ]
    return {**known, "partitions": partitions}


def _services() -> set[str]:
    """Names given to what makes clients; more than services, which the loader tells apart."""
    calls = (node for node in _nodes() if isinstance(node, ast.Call))
    makers = (one for one in calls if getattr(one.func, "attr", None) in _MAKERS)
    return {
        str(argument.value)
        for call in makers
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }


@cache
def _methods() -> frozenset[str]:
    """Methods called by name, and texts: paginators are asked for by theirs."""
    ours = {
        node.attr if isinstance(node, ast.Attribute) else str(node.value)
        for node in _nodes()
        if isinstance(node, ast.Attribute | ast.Constant)
    }
    return frozenset(ours | _in_botocore())


def _nodes() -> Iterator[ast.AST]:
    for source in sources().values():
        yield from ast.walk(source.tree)


def _in_botocore() -> set[str]:
    """Methods botocore calls by itself: to assume roles, to find a bucket's region."""
    texts = (path.read_text(encoding="utf-8") for path in folder_of("botocore").glob("*.py"))
    return {name for text in texts for name in re.findall(r"\.([a-z_]+)\(", text)}


def _text(data: Any) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()
