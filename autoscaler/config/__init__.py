"""Reads configuration from YAML files and the environment into ``autoscaler.core.settings``.

The only room that imports pydantic and PyYAML: what comes out is plain dataclasses.
"""

from autoscaler.config.loading import effective, load

__all__ = ["effective", "load"]
