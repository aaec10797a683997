"""Who may act on the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoscaler.core.errors import ConfigurationError
from autoscaler.runtime.page.keys import VARIABLE, Keys, keys_from

ALICE, BOB = "a" * 32, "b" * 32


def test_names_and_tokens_come_from_a_file_with_comments(tmp_path: Path) -> None:
    file = tmp_path / "actions"
    file.write_text(f"# on call\nalice {ALICE}\n\nbob\t{BOB}\n")

    keys = keys_from(file, {})

    assert keys.holder(f"Bearer {ALICE}") == "alice"
    assert keys.holder(f"Bearer {BOB}") == "bob"
    for wrong in ("", "Bearer ", f"Bearer {ALICE}x", ALICE, f"bearer {ALICE}", "Bearer \u00fc"):
        assert keys.holder(wrong) is None


def test_or_from_a_variable_and_without_either_nobody_may() -> None:
    assert keys_from(None, {VARIABLE: f"alice {ALICE}"}).holder(f"Bearer {ALICE}") == "alice"
    assert keys_from(None, {}).names == {}
    assert Keys().holder("Bearer ") is None


@pytest.mark.parametrize(
    "text",
    [f"alice {ALICE} extra", ALICE, "alice short", f"alice {ALICE}\nbob {ALICE}", "# nobody\n", ""],
)
def test_what_names_nobody_or_is_no_token_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        keys_from(None, {VARIABLE: text})

    assert VARIABLE in str(refused.value)
    assert ALICE not in str(refused.value)
    assert "short" not in str(refused.value)


def test_a_token_shows_in_no_text_of_its_own_value() -> None:
    assert ALICE not in repr(Keys({ALICE: "alice"}))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"--actions-file .* cannot be read"):
        keys_from(tmp_path / "none", {})
