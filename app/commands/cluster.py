"""``--cluster``: where blocks of work are done beside this process, through dask.distributed."""

import ssl
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from app.commands.exits import misused

if TYPE_CHECKING:
    from distributed import Client, Future, Security

T = TypeVar("T")

LOCAL = "local"
CERTIFICATES = {"ca": "ca.pem", "certificate": "certificate.pem", "key": "key.pem"}
"""The files of a folder of certificates: the authority that all must have, and this machine's own."""

AT_ONCE = 64
"""Blocks that are out at one time: enough for every worker, and few enough for one that joins."""

SECONDS_FOR_A_WORKER = 60
"""How long a scheduler may have no worker, at first and whenever the last one is lost."""

SECONDS_BETWEEN_LOOKS = 5
"""How often a scheduler is asked whether it has a worker, while no block arrives."""

RETRIES = 3
"""How often a block is done again whose worker was lost."""

_ROLES = ("client", "scheduler", "worker")
# Nothing of a table is written to a disk where a worker runs short of memory.
_SETTINGS = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.admin.tick.limit": "1h",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where blocks are worked out.

    address       ``local``, or the address of a scheduler
    certificates  a folder with ``ca.pem``, ``certificate.pem`` and ``key.pem``; None without encryption
    workers       processes of a local cluster
    """

    address: str
    certificates: Path | None
    workers: int


def cluster_of(address: str | None, certificates: Path | None, workers: int) -> Cluster | None:
    """Return the cluster that options name, None without one; refuse an address that others could listen to."""
    if address is None:
        if certificates is not None:
            raise misused("--certificates is for --cluster tls://HOST:PORT; give both")
        return None
    if address != LOCAL:
        _check_address(address, certificates)
    elif certificates is not None:
        raise misused("--cluster local makes certificates of its own; leave --certificates out")
    _check_installed()
    return Cluster(address, certificates, workers)


def _check_address(address: str, certificates: Path | None) -> None:
    way_out = "give local, or tls://HOST:PORT with --certificates"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None or parts.scheme not in {"tls", "tcp"}:
        raise misused(f"--cluster is no address of a scheduler; {way_out}")
    if parts.scheme == "tcp":
        if certificates is not None:
            raise misused("--cluster tcp://… does not use certificates; give tls://HOST:PORT")
        if not _is_loopback(host):
            raise misused(
                f"--cluster tcp://… is not encrypted and may be on this machine alone; {way_out}"
            )
        return
    if certificates is None:
        names = ", ".join(CERTIFICATES.values())
        raise misused(f"--cluster tls://… needs --certificates, a folder with {names}")
    missing = [name for name in CERTIFICATES.values() if not (certificates / name).is_file()]
    if missing:
        raise misused(f"--certificates has no {' and no '.join(missing)}")
    files = _files(certificates)
    try:
        context = ssl.create_default_context(cafile=files["ca"])
        context.load_cert_chain(files["certificate"], files["key"])
    except (ssl.SSLError, OSError):
        raise misused("--certificates holds no certificates, or a key of another one") from None


def _files(certificates: Path) -> dict[str, str]:
    return {name: str(certificates / file) for name, file in CERTIFICATES.items()}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_installed() -> None:
    try:
        import cryptography  # noqa: F401
        import distributed  # noqa: F401
    except ImportError:
        raise misused(
            "--cluster needs what the extra named cluster installs: evenband[cluster]"
        ) from None


@contextmanager
def connection(cluster: Cluster) -> Iterator["Client"]:
    """Give a client of a cluster that has a worker; refuse one that cannot be reached, or that has no worker."""
    import dask
    from distributed import Client, LocalCluster, Security

    with ExitStack() as open_things:
        open_things.enter_context(dask.config.set(_SETTINGS))
        address, security = cluster.address, _security(cluster)
        if cluster.address == LOCAL:
            security = Security.temporary()
            folder = open_things.enter_context(
                tempfile.TemporaryDirectory(prefix="evenband-cluster-")
            )
            address = open_things.enter_context(
                LocalCluster(
                    n_workers=cluster.workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                    protocol="tls://", security=security, dashboard_address="127.0.0.1:0",
                    worker_dashboard_address=None, local_directory=folder, silence_logs="CRITICAL",
                )
            )  # fmt: skip
        try:
            client = open_things.enter_context(
                Client(
                    address, security=security, set_as_default=False, timeout=SECONDS_FOR_A_WORKER
                )
            )
        except (OSError, TimeoutError) as error:
            raise misused(
                f"--cluster {cluster.address} does not answer, or does not take the certificate"
            ) from error
        try:
            client.wait_for_workers(1, timeout=SECONDS_FOR_A_WORKER)
        except TimeoutError:
            raise misused(f"--cluster {cluster.address} has no worker") from None
        yield client


def _security(cluster: Cluster) -> "Security | None":
    from distributed import Security

    if cluster.certificates is None:
        return None
    files = _files(cluster.certificates)
    each = {
        f"tls_{role}_{part}": files[name]
        for role in _ROLES
        for part, name in (("cert", "certificate"), ("key", "key"))
    }
    return Security(tls_ca_file=files["ca"], require_encryption=True, **each)


def results(
    client: "Client",
    function: Callable[..., T],
    numbers: Sequence[int],
    arguments: Sequence[Any],
    name: str,
) -> Iterator[T]:
    """Yield what a function of a number and of the same arguments gives for each, as it arrives.

    ``name`` names function and arguments, so that work under one name is the same work. Raises ``BadParameter`` where
    no worker has been there for ``SECONDS_FOR_A_WORKER``, where the scheduler is gone, and where a block ends its workers.
    """
    done: SimpleQueue[Future[T]] = SimpleQueue()

    def start(number: int) -> "Future[T]":
        key = f"{name}-{number}"
        with _in_words():
            future: Future[T] = client.submit(
                function, number, *arguments, key=key, retries=RETRIES, pure=True
            )
        future.add_done_callback(done.put)
        return future

    waiting = iter(numbers)
    # The scheduler forgets what no client refers to.
    running = {one.key: one for one in map(start, islice(waiting, AT_ONCE))}
    watch = _Watch(client)
    while running:
        future = watch.arrived(done)
        yield watch.result(future)
        del running[future.key]
        future.release()
        for one in map(start, islice(waiting, 1)):
            running[one.key] = one


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what has become of a cluster in place of what dask raises."""
    from distributed import KilledWorker
    from distributed.client import ClosedClientError

    try:
        yield
    except (CancelledError, ClosedClientError):
        raise misused("--cluster: the scheduler is gone; start it and run again") from None
    except KilledWorker:
        message = "--cluster: workers end while they work on a block; give them more memory"
        raise misused(message) from None


class _Watch:
    """Waits for blocks as long as there are workers for them."""

    def __init__(self, client: "Client") -> None:
        self.client, self.last_seen = client, monotonic()

    def arrived(self, done: "SimpleQueue[Future[T]]") -> "Future[T]":
        """Return the next block that is done."""
        self.last_seen = monotonic()
        while True:
            try:
                return done.get(timeout=SECONDS_BETWEEN_LOOKS)
            except Empty:
                self._look()

    def result(self, future: "Future[T]") -> T:
        """Return what a block has come to; it is done once more where its worker is lost with it."""
        while True:
            try:
                with _in_words():
                    return future.result(timeout=SECONDS_FOR_A_WORKER)
            except TimeoutError:
                self._look()

    def _look(self) -> None:
        """Refuse to wait on where no worker has been there for long."""
        if self.client.scheduler_info()["workers"]:
            self.last_seen = monotonic()
        elif monotonic() - self.last_seen >= SECONDS_FOR_A_WORKER:
            message = f"--cluster: no worker for {SECONDS_FOR_A_WORKER} seconds; start workers and run again"
            raise misused(message)
