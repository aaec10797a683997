"""What pydantic found wrong, in our words: what was found, what is allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from pydantic_core import ErrorDetails

from autoscaler.config import shape
from autoscaler.config.problems import Problem, unknown
from autoscaler.config.tree import Node, Path, reach
from autoscaler.core.units import Filled, Matching

Sentence: TypeAlias = Callable[[Node, Mapping[str, Any], shape.Shape], str]
"""From the value found, the bounds it broke and the shape it should have."""

_LONGEST = 60  # characters of a wrong value that are shown
_USER_AND_PASSWORD = re.compile(r"(?<=://)\S*@")  # of an address; a refused reload is logged


def explain(detail: ErrorDetails, tree: Node, root: shape.Shape) -> Problem:
    """The problem behind one error of pydantic's."""
    kind, path = detail["type"], detail["loc"]
    node, gone = reach(tree, path)
    if kind == "missing":
        return Problem(node.place, path, "this key is required, and missing")
    if kind in _EXTRA:
        return Problem(node.place, path, _no_such_key(path, tree, root))
    sentence = _SENTENCES.get(kind, _refused)
    context = detail.get("ctx", {})
    return Problem(node.place, gone, sentence(node, context, shape.follow(root, gone, tree)))


def follows(detail: ErrorDetails, tree: Node) -> bool:
    """Whether an error only follows from others: pydantic counts no items that are wrong."""
    node, _ = reach(tree, detail["loc"])
    written = max(len(node.items), len(node.children))
    return detail["type"] == "too_short" and written >= detail["ctx"]["min_length"]


def found(node: Node) -> str:
    """The value as it was written and what YAML takes it for."""
    match node.value:
        case None:
            return f"{node.written} is no value" if node.written else "there is no value"
        case bool():
            return f"{node.written} is true or false"
        case int() | float():
            return f"{node.written} is a number"
        case str():
            return f"{_shown(node)} is text"
    return "this is a list" if isinstance(node.value, list) else "this is a mapping"


def _shown(node: Node) -> str:
    if not isinstance(node.value, str):
        return node.written or "nothing"
    text = _USER_AND_PASSWORD.sub("...@", node.value)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    return json.dumps(text, ensure_ascii=False)


def _no_such_key(path: Path, tree: Node, root: shape.Shape) -> str:
    parent, _ = reach(tree, path[:-1])
    known = shape.keys(shape.follow(root, path[:-1], tree), parent)
    return unknown("such key", str(path[-1]), known)


def _must_be(allowed: str) -> Sentence:
    return lambda node, _context, _shape: f"{found(node)}; it must be {allowed}"


def _bound(wrong: str, allowed: str, key: str) -> Sentence:
    return lambda node, context, _shape: (
        f"{_shown(node)} is too {wrong}; it must be {allowed} {context[key]:.10g}"
    )


def _text(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    del context, wanted
    if node.written:
        return f'{found(node)} to YAML, where text is needed; put it in quotes: "{node.written}"'
    return f"{found(node)}; it must be text"


def _list(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    del context, wanted
    example = f": [{node.written}]" if node.written else ""
    return f"{found(node)}; it must be a list{example}"


def _one_of(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    del context
    allowed = [str(value) for value in shape.values(wanted)]
    if not isinstance(node.value, str) and node.written in allowed:
        return f'{found(node)} to YAML; put it in quotes: "{node.written}"'
    what = f"{_shown(node)} is not allowed" if node.written else found(node)
    return f"{what}; it must be {_either(allowed)}" if allowed else what


def _either(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def _pattern(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    words = [rule.words for rule in shape.rules(wanted) if isinstance(rule, Matching)]
    allowed = f"be {words[0]}" if words else f"match {context['pattern']}"
    return f"{_shown(node)} is not allowed; it must {allowed}"


def _too_few(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    del node
    hints = [rule.hint for rule in shape.rules(wanted) if isinstance(rule, Filled)]
    if hints:
        return f"there is nothing in it; write {hints[0]}"
    have, need = context["actual_length"], context["min_length"]
    return f"this has {have} entries; it must have at least {need}"


def _own_words(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    del wanted
    if node.value is None:
        return f"{found(node)}; write one or remove the key"
    return str(context["error"])


def _refused(node: Node, context: Mapping[str, Any], wanted: shape.Shape) -> str:
    del context, wanted
    return f"{found(node)}, and that is not allowed here"


_EXTRA = {"extra_forbidden", "unexpected_keyword_argument"}
_MAPPING = _must_be("a mapping of keys")
_SENTENCES: Mapping[str, Sentence] = {
    "string_type": _text,
    "int_type": _must_be("a whole number"),
    "int_from_float": _must_be("a whole number"),
    "float_type": _must_be("a number"),
    "bool_type": _must_be("true or false"),
    "list_type": _list,
    "tuple_type": _list,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "dataclass_type": _MAPPING,
    "greater_than": _bound("small", "more than", "gt"),
    "greater_than_equal": _bound("small", "at least", "ge"),
    "less_than_equal": _bound("large", "at most", "le"),
    "literal_error": _one_of,
    "enum": _one_of,
    "string_pattern_mismatch": _pattern,
    "too_short": _too_few,
    "value_error": _own_words,
}
