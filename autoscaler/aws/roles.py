"""Credentials of a role to assume, got when first needed and again before they run out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError

if TYPE_CHECKING:
    from botocore.session import Session

SESSION_NAME = "queue-autoscaler"
"""Shows in CloudTrail as the last part of who called [STS AssumeRole]."""


class _AssumedRole(CredentialProvider):
    """The only place where a role's session looks for credentials."""

    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        """Nothing is asked yet; botocore asks at the first call and from 15 min before expiry."""
        return DeferredRefreshableCredentials(
            refresh_using=self._fetcher.fetch_credentials, method=self.METHOD
        )


def assume(role: str, source: Session, sts: Callable[..., Any], session: Session) -> None:
    """Have a session call AWS in a role, which the source's credentials may assume.

    ``sts`` makes an STS client from ``aws_access_key_id`` and its kind.

    Raises:
        NoCredentialsError: the source has none.
    """
    credentials = source.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        lambda _service, **keys: sts(**keys),
        credentials,
        role,
        extra_args={"RoleSessionName": SESSION_NAME},
    )
    session.register_component("credential_provider", CredentialResolver([_AssumedRole(fetcher)]))
