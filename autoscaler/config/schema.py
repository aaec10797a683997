"""The JSON Schema of the configuration file, for editors and checks.

``python -m autoscaler.config.schema > schema/autoscaler.schema.json`` writes the published one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from autoscaler.config.document import document
from autoscaler.plugins import BUILT_IN


class _Untitled(GenerateJsonSchema):
    """Without a title for every key, which would only repeat it."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def schema(policies: Sequence[str] = tuple(BUILT_IN)) -> dict[str, Any]:
    """What a configuration file may hold, as JSON Schema 2020-12.

    The published one has the policies that ship; any that are installed can be described.
    """
    described = TypeAdapter(document(tuple(policies))).json_schema(schema_generator=_Untitled)
    return {"$schema": GenerateJsonSchema.schema_dialect, **described}


def main() -> None:
    """Print the schema as it is published."""
    sys.stdout.write(json.dumps(schema(), indent=2) + "\n")


if __name__ == "__main__":
    main()
