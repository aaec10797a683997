"""The status of messages in SQLite, and what is wrong with a database in one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.status_claims import StatusClaims

from autoscaler.worker.errors import UserError
from autoscaler.worker.status.opening import open_store


class TestSqlite(StatusClaims):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return str(tmp_path / "status.db")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nosuch://host/db", "nosuch"),
        ("mysql+nosuchdriver://host/db", "nosuchdriver"),
        ("postgresql+psycopg://u:geheim@127.0.0.1:9/db", "refused"),
        ("/no/such/folder/file.db", "unable to open database file"),
        ("://", "--status-db"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_sentence_without_its_password(
    url: str, said: str
) -> None:
    with pytest.raises(UserError) as caught:
        open_store(url)
    told = str(caught.value)
    assert said in told
    assert "geheim" not in told
    assert "\n" not in told


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(UserError, match="needs the driver oracledb, which is not installed"):
        open_store("oracle+oracledb://host/db")


def test_reading_makes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "status.db"
    with pytest.raises(UserError, match="there is no status database"):
        open_store(str(file), must_exist=True)
    assert not file.exists()


def test_without_the_extra_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from autoscaler.worker.status.opening import open_store\n"
        "open_store('x.db')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert ran.stderr.splitlines()[-1].endswith(
        "the status of messages needs sqlalchemy: pip install 'queue-autoscaler[status]'"
    )
