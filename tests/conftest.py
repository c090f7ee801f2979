"""What holds for every test: faults raise, examples repeat, nothing leaves the machine."""

import gc
import ipaddress
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings

from engine.jit import compile_from_now_on
from tests.storm_size import EVERYDAY, is_whole

pytest_plugins = ["tests.command_calls", "tests.postgres"]

# Tables of tests are small, and would be worked out as plain Python throughout.
compile_from_now_on()

# A shared machine is slow at times, so that no property may fail for the time it took.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
# A failure shows its first example at once: making it smaller may outlast the whole suite.
FIRST = {"phases": [Phase.explicit, Phase.generate], "report_multiple_bugs": False}
settings.register_profile("everyday", derandomize=True, max_examples=EVERYDAY, **FIRST, **UNTIMED)
settings.register_profile("storm", derandomize=True, max_examples=60, **FIRST, **UNTIMED)
# For running the same tests once more: as plain Python, and with every index checked.
settings.register_profile("again", derandomize=True, max_examples=12, **FIRST, **UNTIMED)
# For reading a failure: the same examples as every day, the failing one made as small as it can be.
settings.register_profile("shrink", derandomize=True, max_examples=EVERYDAY, **UNTIMED)
settings.register_profile("thorough", max_examples=2_000, print_blob=True, **UNTIMED)
settings.load_profile("storm" if is_whole() else "everyday")


def is_near(host: object) -> bool:
    """Return whether an address is this machine's own."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_network(event: str, arguments: tuple) -> None:
    """Refuse every connection and every look-up that would leave the machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not is_near(host):
        message = "Tests may not reach beyond this machine."
        raise PermissionError(message)


sys.addaudithook(refuse_the_network)


def pytest_collection_finish() -> None:
    """Set aside what lasts for the whole run, which the collector of cycles would look through again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def numpy_faults_raise() -> Iterator[None]:
    """Let an overflow, a division by zero or an invalid value stop the test."""
    with np.errstate(all="raise"):
        yield
