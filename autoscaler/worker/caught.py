"""Exceptions as data."""

from typing import Self


class Caught:
    """Keeps whatever its block raises, exits and interrupts included: it is data here."""

    error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        self.error = error
        return True
