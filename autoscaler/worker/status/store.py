"""The status of messages in any database that SQLAlchemy knows: one table, a row a message."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields

from sqlalchemy import (
    Column,
    ColumnElement,
    Double,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Update,
    create_engine,
    func,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from autoscaler.worker.errors import UserError
from autoscaler.worker.status.jobs import Job, State

LONGEST_ERROR = 300

_LOCK_SECONDS = 30
"""How long SQLite waits for another process's write; its own 5 s are few for many workers."""

JOBS = Table(
    "autoscaler_jobs",
    MetaData(),
    Column("id", String(100), primary_key=True),  # SQS's ids have 36 characters
    Column("queue", String(80), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", Double),
    Column("started_at", Double),
    Column("finished_at", Double),
    Column("error", String(LONGEST_ERROR)),
)
_FIELDS = [JOBS.c[field.name] for field in fields(Job)]
_NEWEST = func.coalesce(JOBS.c.finished_at, JOBS.c.started_at, JOBS.c.queued_at).desc()


@dataclass(frozen=True, slots=True)
class Store:
    """Writes and reads the table. Its calls raise SQLAlchemyError."""

    engine: Engine

    def prepare(self) -> None:
        """Make the table, unless it is there or another process makes it just now."""
        try:
            JOBS.metadata.create_all(self.engine)
        except SQLAlchemyError:
            if not inspect(self.engine).has_table(JOBS.name):
                raise

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def queued(self, ids: Sequence[str], queue: str, at: float) -> None:
        """Note messages that were sent just now; what a worker noted already stays."""
        for job_id in ids:
            values = {"queue": queue, "queued_at": at}
            unnoted = JOBS.c.queued_at.is_(None)
            self._put(job_id, values, {"state": "queued", "attempts": 0}, unnoted)

    def reached(
        self, job_id: str, queue: str, state: State, attempt: int, **more: float | str | None
    ) -> None:
        """Note that an attempt reached a state; `more` are columns of the row.

        A message that is completed stays so, and a late word of an earlier attempt is not
        noted: both come of a worker that lost a message to another.
        """
        values = {"queue": queue, "state": state, "attempts": attempt, **more}
        news = (JOBS.c.state != "completed") & (JOBS.c.attempts <= attempt)
        self._put(job_id, values, {}, news)

    def find(self, job_id: str) -> Job | None:
        """Return one message's status."""
        with self.engine.connect() as connection:
            row = connection.execute(select(*_FIELDS).where(JOBS.c.id == job_id)).first()
        return None if row is None else Job(*row)

    def newest(self, state: str | None, limit: int) -> list[Job]:
        """Return the messages of which there was news last, of one state or of all."""
        asked = select(*_FIELDS).order_by(_NEWEST).limit(limit)
        if state is not None:
            asked = asked.where(JOBS.c.state == state)
        with self.engine.connect() as connection:
            return [Job(*row) for row in connection.execute(asked)]

    def counts(self) -> dict[str, int]:
        """Return how many messages there are by state."""
        asked = select(JOBS.c.state, func.count()).group_by(JOBS.c.state)
        with self.engine.connect() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(asked)}

    def _put(
        self,
        job_id: str,
        values: Mapping[str, object],
        if_new: Mapping[str, object],
        where: ColumnElement[bool],
    ) -> None:
        """Change the row where that holds, or make it. Works alike on every database."""
        change = update(JOBS).where(JOBS.c.id == job_id, where).values(**values)
        if self._changes(change):
            return
        try:
            with self.engine.begin() as connection:
                connection.execute(JOBS.insert().values(id=job_id, **if_new, **values))
        except IntegrityError:  # it is there: made meanwhile, or not to be changed
            self._changes(change)

    def _changes(self, change: Update) -> bool:
        with self.engine.begin() as connection:
            return bool(connection.execute(change).rowcount)


def engine_for(written: str) -> Engine:
    """Return the engine of a URL, or of the SQLite file at a path."""
    url = make_url(written if "://" in written else f"sqlite:///{written}")
    if url.get_backend_name() == "sqlite":
        return create_engine(url, connect_args={"timeout": _LOCK_SECONDS})
    return create_engine(url, pool_pre_ping=True)  # a worker may live longer than a connection


@contextmanager
def told() -> Iterator[None]:
    """Turn what is wrong with a database into a sentence, without its password."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"the status database needs the driver {error.name}, which is not installed; "
            "for PostgreSQL: pip install 'psycopg[binary]', and a URL of postgresql+psycopg://"
        ) from error
    except SQLAlchemyError as error:
        first = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise UserError(
            f"the status database cannot be used: {first}; check --status-db"
        ) from error
