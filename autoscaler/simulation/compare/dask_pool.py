"""Trials on a Dask cluster: it schedules, moves and repeats; nothing of that is done here."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from distributed import Client, as_completed

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.compare.pools import Do, Done, J, result_of
from autoscaler.simulation.compare.program import program
from autoscaler.simulation.trace import Trace

_PATIENCE = 10.0
"""Seconds for the scheduler to answer, and to have a first worker."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a Dask scheduler, each with this very program installed."""

    address: str
    """Such as ``tcp://10.0.0.5:8786``."""

    def run(self, do: Do[J], jobs: Sequence[J], traces: Mapping[str, Trace]) -> Generator[Done[J]]:
        """Do them there; each trace travels once. A caller who stops listening cancels the rest.

        Raises:
            ConfigurationError: nobody answers, there is no worker, or one has another program.
        """
        with self._connected() as client:
            self._require_this_program(client)
            held = {digest: client.scatter(trace) for digest, trace in traces.items()}
            futures = {client.submit(do, job, held[job.digest], pure=False): job for job in jobs}
            for future in as_completed(futures, loop=client.loop):
                yield result_of(future, futures[future])

    def _connected(self) -> Client:
        try:
            return Client(self.address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"--dask {self.address}: no scheduler answers there: {error}"
            ) from error

    def _require_this_program(self, client: Client) -> None:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise ConfigurationError(
                f"--dask {self.address}: its scheduler has no workers; start one with `dask worker`"
            ) from error
        others = [name for name, has in client.run(program).items() if has != program()]
        if others:
            raise ConfigurationError(
                f"--dask {self.address}: another version of this program is installed on "
                f"{', '.join(sorted(others))}; the same must be everywhere"
            )
