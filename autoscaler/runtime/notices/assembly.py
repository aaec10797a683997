"""A notifier as the settings want it."""

from __future__ import annotations

from collections.abc import Mapping

from autoscaler.aws.clients import Clients
from autoscaler.core.ports import MemoryStore
from autoscaler.core.promises import promised
from autoscaler.core.settings import Settings
from autoscaler.runtime.notices.notifier import Listener, Notifier
from autoscaler.runtime.notices.sending import senders


def notifier_for(
    settings: Settings,
    store: MemoryStore,
    clients: Clients,
    environ: Mapping[str, str],
    listener: Listener,
) -> Notifier | None:
    """None where nobody is to be told.

    Raises:
        ConfigurationError: a variable that holds an address or a secret is not set.
    """
    if not settings.notify.to:
        return None
    promises = {
        name: promise
        for name, queue in settings.queues.items()
        if (promise := promised(queue.policies.values())) is not None
    }
    return Notifier(
        settings.installation,
        store,
        senders(settings.notify, clients, environ),
        promises,
        settings.notify.held_for,
        listener,
    )
