"""Opens the database that the status of messages is kept in, or says what is wrong with it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autoscaler.worker.errors import UserError

if TYPE_CHECKING:
    from autoscaler.worker.status.store import Store

USUAL = "autoscaler-status.db"
"""An SQLite file in the folder where the command runs."""


def open_store(written: str, *, must_exist: bool = False) -> "Store":
    """Open a database by its SQLAlchemy URL, or an SQLite file by its path; raises UserError.

    The table is made where there is none yet. `must_exist` makes no file.
    """
    try:
        from autoscaler.worker.status.store import Store, engine_for, told  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UserError(
            f"the status of messages needs {error.name}: pip install 'queue-autoscaler[status]'"
        ) from error
    if must_exist and "://" not in written and not Path(written).exists():
        raise UserError(
            f"there is no status database {written}; name one with --status-db, "
            "the same as the worker's"
        )
    with told():
        store = Store(engine_for(written))
        store.prepare()
        return store


def noting(store: "Store") -> Callable[[Sequence[str], str, float], None]:
    """Return what notes messages as queued; it raises UserError."""
    from autoscaler.worker.status.store import told  # noqa: PLC0415 - known to be there

    def note(ids: Sequence[str], queue: str, at: float) -> None:
        with told():
            store.queued(ids, queue, at)

    return note
