"""Every key of the configuration file as a page of the guide, from the published JSON Schema.

``python -m autoscaler.config.reference > docs/configuration.md`` writes the page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from autoscaler.config.policy_options import words
from autoscaler.config.schema import schema

Schema: TypeAlias = Mapping[str, Any]

_OPENING = """\
# Configuration

Every key, from the JSON Schema that your editor can check a file with:
`schema/autoscaler.schema.json`. A duration is a number of seconds, or text such as `90s`, `5m` or
`1h30m`. A key without a default must be given. Where the default is *none*, the key may be left
out: its meaning says what holds then, and a part that is left out has the defaults of its own keys.
Any value can be overridden from the environment, such as
`AUTOSCALER_FLEETS__THUMBNAILERS__LIMITS__MAX_TASKS=4`. How files are merged and checked:
[the command line](cli.md).
"""
_HEAD = "| key | type | default | meaning |\n| --- | --- | --- | --- |"


def page(described: Schema) -> str:
    """The schema in words: the file itself, then each part of it by name."""
    kinds = described["$defs"]
    parts = [_part("The file", described, kinds)]
    parts += [_part(name, kinds[name], kinds) for name in sorted(kinds) if _keys(kinds[name])]
    return "\n".join([_OPENING, *parts])


def _part(title: str, part: Schema, kinds: Schema) -> str:
    rows = [_row(key, part, kinds) for key in _keys(part)]
    text = part.get("description", "").replace("``", "`")
    return "\n".join([f"## {title}\n", text, f"\n{_HEAD}", *rows, ""])


def _keys(part: Schema) -> Schema:
    keys: Schema = part.get("properties", {})
    return keys


def _row(key: str, part: Schema, kinds: Schema) -> str:
    given = _keys(part)[key]
    default = "" if key in part.get("required", ()) else _default(given)
    meaning = _line(given.get("description", "")) or "Which of several it is."
    return f"| `{key}` | {_type(given, kinds)} | {default} | {meaning} |"


def _default(given: Schema) -> str:
    default = given.get("default")
    if isinstance(default, float):
        return f"`{default:g}`"
    return "*none*" if default is None else f"`{json.dumps(default)}`"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _type(given: Schema, kinds: Schema) -> str:
    """In words, with links to the parts it is made of."""
    linked = [*_parts(given, kinds)]
    if not linked:
        return f"`{given['const']}`" if "const" in given else words(given, kinds)
    named = " or ".join(f"[{name}](#{name.lower()})" for name in dict.fromkeys(linked))
    shape = given if "anyOf" not in given else given["anyOf"][0]
    if "additionalProperties" in shape:
        return f"mapping of names to {named}"
    return f"list of {named}" if shape.get("type") == "array" else named


def _parts(given: Schema, kinds: Schema) -> Iterator[str]:
    """The parts with keys of their own that it refers to."""
    if "$ref" in given:
        name = given["$ref"].rpartition("/")[-1]
        if _keys(kinds[name]):
            yield name
    below = [given.get("items"), given.get("additionalProperties"), given.get("then")]
    for one in (*below, *given.get("anyOf", ()), *given.get("allOf", ())):
        if isinstance(one, Mapping):
            yield from _parts(one, kinds)


def main() -> None:
    """Print the page as it is published."""
    sys.stdout.write(page(schema()))


if __name__ == "__main__":
    main()
