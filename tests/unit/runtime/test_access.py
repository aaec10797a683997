"""Who may read what the status server tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoscaler.core.errors import ConfigurationError
from autoscaler.runtime.access import VARIABLE, access, token_from

TOKEN = "0123456789abcdef"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_on_this_computer_everybody_may_read(host: str) -> None:
    assert access(host, None).refusal("") is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "10.0.0.7", "controller.internal"])
def test_beyond_this_computer_nobody_may_without_a_token(host: str) -> None:
    who = access(host, None)

    assert "--token-file" in str(who.refusal(""))
    assert who.refusal("Bearer None") is not None
    assert "no token is set" in who.says


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize(
    ("header", "may"),
    [
        (f"Bearer {TOKEN}", True),
        ("", False),
        ("Bearer ", False),
        (TOKEN, False),
        (f"Basic {TOKEN}", False),
        (f"Bearer {TOKEN}0", False),
        (f"Bearer {TOKEN[:-1]}", False),
        ("Bearer \xfc\u1234", False),
    ],
)
def test_a_token_is_wanted_wherever_it_is_set(host: str, header: str, may: bool) -> None:
    assert (access(host, TOKEN).refusal(header) is None) == may


def test_the_token_is_in_no_text_about_the_access() -> None:
    who = access("0.0.0.0", TOKEN)

    assert TOKEN not in repr(who) + str(who.refusal("x")) + who.says


def test_a_token_comes_from_a_file_or_the_environment_and_the_file_wins(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")

    assert token_from(file, {VARIABLE: "another-one-of-these"}) == TOKEN
    assert token_from(None, {VARIABLE: TOKEN}) == TOKEN
    assert token_from(None, {}) is None


@pytest.mark.parametrize(
    "text", ["", "short", "two words of a token", "two\nlines of a token", "é" * 20]
)
def test_what_can_be_no_token_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "token"
    file.write_text(text)

    with pytest.raises(ConfigurationError, match="--token-file") as refused:
        token_from(file, {})
    with pytest.raises(ConfigurationError, match="openssl rand"):
        token_from(None, {VARIABLE: text})

    assert not text or text not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        token_from(tmp_path / "gone", {})
