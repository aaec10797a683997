"""Verbs that need more than the command line does: what is missing is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autoscaler.core.errors import ConfigurationError


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Within it, a library that is not installed is the user's to install.

    Raises:
        ConfigurationError: with the command that does.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith("autoscaler"):
            raise
        raise ConfigurationError(
            f"this needs {error.name}: pip install 'queue-autoscaler[cli,{name}]'"
        ) from error
