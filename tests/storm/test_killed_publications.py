"""A publication that is ended outright is there wholly or not at all: one version in use, and a chain that fits."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from app.access import OWNER
from app.audit.service import check_chain, newest
from app.rule_sets.service import version_of, versions_of
from tests.app.conftest import database, migrated_file, migrated_url
from tests.storm.publisher import RULES
from tests.storm_size import repetitions

__all__ = ["database", "migrated_file", "migrated_url"]

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 0.15
"""Seconds after the first publication of a process until it is ended: several publications, and moments within one."""


def publish_until_killed(address: str, chance: random.Random) -> list[int]:
    """Let a process publish, end it outright at a random moment, and return the numbers that it said were kept."""
    command = [sys.executable, "-m", "tests.storm.publisher", address]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        first = running.stdout.readline()
        time.sleep(chance.uniform(0, LONGEST))
        running.send_signal(signal.SIGKILL)
        rest = running.stdout.read()
    return [int(one) for one in (first + rest).splitlines(keepends=True) if one.endswith("\n")]


def check_whole(database, said: list[int]) -> int:
    """Check that each version is there wholly, and return how many there are."""
    with database.reading() as session:
        assert check_chain(OWNER, session).fault is None
        numbers = versions_of(OWNER, session, RULES)
        events = Counter(
            (one.action, one.subject) for one in newest(OWNER, session, 10 * len(numbers) + 10)
        )
        states = [version_of(OWNER, session, RULES, one).state for one in numbers]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(said) <= set(numbers)
    # At the most one was kept whose process had no time to say so.
    assert len(numbers) <= max(said) + 1
    assert states == ["superseded"] * (len(numbers) - 1) + ["published"]
    named = [f"{RULES} version {one}" for one in numbers]
    assert events == Counter(
        [
            *(("rule set published", one) for one in named),
            *(("rule set superseded", one) for one in named[:-1]),
        ]
    )
    return len(numbers)


@pytest.mark.xdist_group("publications")
def test_a_publication_that_is_killed_is_there_wholly_or_not_at_all(database, migrated_url):
    kept_unsaid = number = 0
    for seed in repetitions(2, 50):
        said = publish_until_killed(migrated_url, random.Random(seed))
        number = check_whole(database, said)
        kept_unsaid += number > max(said)
    sys.stdout.write(
        f"{database.engine.dialect.name}: {number} versions, {kept_unsaid} kept and not said\n"
    )
