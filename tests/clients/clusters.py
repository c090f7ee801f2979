"""A real scheduler and real workers on this machine, as the page about clusters starts them."""

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from distributed import Client
from distributed.security import Security

from tests.clients.served import free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
ADDRESS = "tls://127.0.0.1:8786"
PATIENCE = 120


class Page(NamedTuple):
    """What the page says: how certificates are made, and what a scheduler and a worker are started by."""

    certificates: str
    scheduler: str
    worker: str


def page() -> Page:
    """Return the commands of the page about clusters."""
    text = (ROOT / "docs" / "run-on-a-cluster.md").read_text(encoding="utf-8")
    certificates, programs = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    scheduler, worker = programs.splitlines()
    return Page(certificates, scheduler, worker)


def make_certificates(folder: Path) -> Path:
    """Make an authority and a certificate of it in a folder, and return the folder of what a machine has."""
    subprocess.run(
        ["bash", "-ec", page().certificates], cwd=folder, check=True, capture_output=True
    )
    return folder / "certificates"


class RealCluster:
    """A scheduler with workers, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, f"tls://127.0.0.1:{free_port()}"
        self.certificates = make_certificates(folder)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self._start(page().scheduler)

    def add_worker(self) -> None:
        """Start one more worker, which nothing starts again where it is lost."""
        command = page().worker.replace("--nworkers 2", "--nworkers 1 --no-nanny")
        self.workers.append(self._start(command))

    def _start(self, command: str) -> "subprocess.Popen[bytes]":
        port = self.address.rpartition(":")[2]
        words = shlex.split(command.replace(ADDRESS, self.address).replace("8786", port))
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [PROGRAMS / words[0], *words[1:]], cwd=self.folder, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def client(self) -> Client:
        """Return a client with the cluster's own certificate."""
        one = {
            name: str(self.certificates / f"{name}.pem") for name in ("ca", "certificate", "key")
        }
        security = Security(
            tls_ca_file=one["ca"], tls_client_cert=one["certificate"], tls_client_key=one["key"],
            require_encryption=True,
        )  # fmt: skip
        return Client(self.address, security=security, set_as_default=False, timeout=PATIENCE)

    def wait_for_workers(self) -> None:
        """Wait until all workers that were started have joined."""
        with self.client() as client:
            client.wait_for_workers(len(self.workers), timeout=PATIENCE)

    def end(self) -> None:
        """End every process that was started here."""
        for one in reversed(self.processes):
            one.kill()
            one.wait()


@contextmanager
def real_cluster(folder: Path) -> Iterator[RealCluster]:
    """Give a scheduler with two workers, and end them afterwards."""
    cluster = RealCluster(folder)
    try:
        for _ in range(2):
            cluster.add_worker()
        cluster.wait_for_workers()
        yield cluster
    finally:
        cluster.end()


def wait_until_busy(cluster: RealCluster, done: int) -> None:
    """Wait until a cluster has worked out so many blocks and works on another."""
    end = time.monotonic() + PATIENCE
    with cluster.client() as client:
        while time.monotonic() < end:
            finished = client.run_on_scheduler(_finished)
            if finished >= done and any(client.processing().values()):
                return
            time.sleep(0.02)
    message = "the cluster was never busy"
    raise AssertionError(message)


def _finished(dask_scheduler):
    """Return how many pieces of work a scheduler has seen done."""
    return sum(one.state_counts["memory"] for one in dask_scheduler.task_prefixes.values())
