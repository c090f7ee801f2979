"""``python -m tests.bill_of_materials FILE``: what the service is made of (CycloneDX 1.6), from ``requirements.lock`` alone.

The same lock gives the same bytes. No address of a registry is in it: a distribution is named by its package
URL, its version and the SHA-256 of its files.
"""

import json
import re
import sys
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[^]]*\])?==(?P<version>[^\s;]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
PROJECT = "evenband"


class Pin(NamedTuple):
    """A distribution of the lock: its version, the SHA-256 of its files, and what needs it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]


def pins(lock: str) -> list[Pin]:
    """Return the distributions of a lock in its order."""
    found = []
    for block in re.split(r"(?m)^(?=[a-z0-9])", lock)[1:]:
        pin = PIN.match(block)
        assert pin is not None, block
        via = block.partition("# via")[2]
        names = re.findall(r"[a-z0-9][a-z0-9._-]*", re.sub(r"\(.*?\)|\[.*?\]", "", via))
        found.append(Pin(pin["name"], pin["version"], tuple(HASH.findall(block)), tuple(names)))
    return found


def bill(lock: str) -> Bom:
    """Return what a lock lists, with the project on top of it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    listed = pins(lock)
    project = Component(
        name=PROJECT, version=version, type=ComponentType.APPLICATION, bom_ref=PROJECT
    )
    # One distribution may be locked in two versions, for two versions of Python.
    parts = [_component(one) for one in listed]
    whole = Bom(components=parts)
    whole.metadata.component = project
    whole.serial_number = uuid5(NAMESPACE_URL, f"urn:sha256:{sha256(lock.encode()).hexdigest()}")
    for part in (project, *parts):
        needed = [at for at, one in zip(parts, listed, strict=True) if part.name in one.needed_by]
        whole.register_dependency(part, needed)
    return whole


def _component(pin: Pin) -> Component:
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{pin.name}=={pin.version}",
        purl=PackageURL("pypi", None, pin.name, pin.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in pin.hashes],
    )


def text_of(lock: str) -> str:
    """Return the bill of a lock as CycloneDX in JSON, without the moment at which it was written."""
    found = json.loads(JsonV1Dot6(bill(lock)).output_as_string())
    del found["metadata"]["timestamp"]
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def main(path: str) -> None:
    """Write the bill of the project's own lock."""
    Path(path).write_text(text_of(LOCK.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
