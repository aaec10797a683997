"""Everything this program raises on purpose.

::

    AutoscalerError
    ├── ConfigurationError        the user's file, flag or variable is wrong; exit status 2
    ├── ObservationError          could not look: hold, say why, try at the next tick
    ├── RecordUnreadableError     a record to explain is damaged or of a newer version
    ├── TraceError                a trace cannot be read, made or written (simulation/traces)
    └── MemoryStoreError          the memory store could not serve
        ├── StoreUnreachableError     hold: without memory nothing may be launched
        ├── MemoryConflictError       somebody else saved first: load again
        └── MemoryUnreadableError     the saved form is damaged or of a newer version
"""

from __future__ import annotations


class AutoscalerError(Exception):
    """Something went wrong in a way this program knows; the text is a sentence for people."""


class ConfigurationError(AutoscalerError):
    """A file, flag or environment variable is wrong; the text says where and what to do."""


class ObservationError(AutoscalerError):
    """A look at AWS failed; nothing may be decided on what it would have shown."""


class RecordUnreadableError(AutoscalerError):
    """A record's JSON form is damaged or was written by a newer version."""


class MemoryStoreError(AutoscalerError):
    """The memory store could not serve."""


class StoreUnreachableError(MemoryStoreError):
    """The store did not answer; without memory nothing may be launched."""


class MemoryConflictError(MemoryStoreError):
    """Another writer saved first; load again and look at what it decided."""


class MemoryUnreadableError(MemoryStoreError):
    """The saved form is damaged or was written by a newer version."""
