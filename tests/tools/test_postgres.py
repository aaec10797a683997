"""The status of messages in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from support.postgres import postgres
from support.status_claims import StatusClaims


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


class TestPostgres(StatusClaims):
    @pytest.fixture
    def url(self, server: str) -> Iterator[str]:
        yield server
        engine = create_engine(server)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE autoscaler_jobs"))
        engine.dispose()
