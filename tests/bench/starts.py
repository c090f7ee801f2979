"""How long a person waits: for the command line's help, and for a warmed service's first answer."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fastapi.testclient import TestClient

from app.calculations.examples import TOP_UPS
from app.main import create_app
from app.settings import Settings


def help_seconds(rounds: int = 5) -> float:
    """Return the median seconds of ``evenband --help`` in a process of its own."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "app.cli", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def first_answer() -> float:
    """Return the seconds of the first what-if that a service answers after it has warmed itself."""
    (example, *_) = (one["value"] for one in TOP_UPS.values())
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{Path(folder) / 'bench.db'}")
        with TestClient(create_app(settings)) as client:
            started = time.perf_counter()
            client.post("/v1/what-ifs/top-ups", json=example).raise_for_status()
            return time.perf_counter() - started
