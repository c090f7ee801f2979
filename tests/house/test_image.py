"""The image is built by what the tests prove: make targets and Python modules."""

import os
import re
import shlex
import subprocess
import sys

import pytest
import yaml

from tests.house.sources import ROOT

PROVED = re.compile(r"make [a-z-]+( PREFIX=[a-z/]+)?|([a-z./]+/bin/)?python -m [a-z.]+( [a-z-]+)*")
BY_DIGEST = re.compile(r"python:(?P<version>[0-9.]+)(-slim)?-bookworm@sha256:[0-9a-f]{64}")
CODEGEN = (
    "from numba.core.registry import cpu_target as target;"
    "print(target.target_context.codegen().magic_tuple()[1:])"
)


def instructions(text: str) -> list[tuple[str, str]]:
    """Return a Dockerfile's instructions with continued lines joined and comments left out."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text))
    parts = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [(word, rest) for word, _, rest in parts]


@pytest.fixture
def image() -> list[tuple[str, str]]:
    return instructions((ROOT / "Dockerfile").read_text())


def unproved(image) -> list[str]:
    """Return the commands that are neither a make target nor a Python module."""
    return [rest for word, rest in image if word == "RUN" and not PROVED.fullmatch(rest)]


def surroundings(image) -> dict[str, str]:
    """Return the environment that the image sets."""
    words = [word for name, rest in image if name == "ENV" for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in words)


def test_the_image_runs_only_what_the_tests_prove(image):
    assert not unproved(image)


def test_every_make_target_of_the_image_exists(image):
    makefile = (ROOT / "Makefile").read_text()
    targets = [rest.split()[1] for word, rest in image if word == "RUN" and rest[:4] == "make"]
    assert targets
    assert all(re.search(rf"(?m)^{target}:", makefile) for target in targets)


def test_the_image_ends_as_a_plain_user_with_a_health_check(image):
    users = [rest for word, rest in image if word == "USER"]
    assert users
    assert not users[-1].startswith(("0", "root"))
    assert any(word == "HEALTHCHECK" and "/health/ready" in rest for word, rest in image)


def last_stage(image) -> list[tuple[str, str]]:
    """Return the instructions of the stage that runs."""
    words = [word for word, _ in image]
    return image[len(words) - words[::-1].index("FROM") :]


def test_the_image_listens_to_nobody_outside_until_it_is_told_to(image):
    assert not {"EVENBAND_HOST", "EVENBAND_ALLOW_PUBLIC"} & set(surroundings(image))


def test_the_health_check_asks_the_port_that_is_chosen(image):
    (check,) = (rest for word, rest in image if word == "HEALTHCHECK")
    assert 'os.environ[\\"EVENBAND_PORT\\"]' in check
    assert not re.search(r":\d{2,5}/", check)


def test_the_stage_that_runs_builds_nothing_and_holds_what_is_installed_alone(image):
    stage = last_stage(image)
    assert not [rest for word, rest in stage if word == "RUN"]
    copied = [rest for word, rest in stage if word == "COPY"]
    assert all("--from=build" in rest for rest in copied)
    assert {rest.split()[-1] for rest in copied} == {"/opt/evenband", "/data"}


def test_the_bases_are_named_by_digest(image):
    bases = [rest.partition("=") for word, rest in image if word == "ARG"]
    assert [name for name, _, _ in bases] == ["BUILD_BASE", "RUN_BASE"]
    pinned = [BY_DIGEST.fullmatch(base) for _, _, base in bases]
    assert all(pinned)
    assert len({one["version"] for one in pinned}) == 1
    stages = [rest.split()[0] for word, rest in image if word == "FROM"]
    assert stages == ["${BUILD_BASE}", "${RUN_BASE}"]


def test_the_services_together_are_reached_from_this_machine_alone():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["evenband"]["read_only"] is True
    assert all(port.startswith("127.0.0.1:") for port in services["evenband"]["ports"])
    assert "ports" not in services["database"]
    assert ":?" in services["database"]["environment"]["POSTGRES_PASSWORD"]


def test_the_image_is_made_in_stages_and_copies_no_host_folder_but_the_project(image):
    assert sum(word == "FROM" for word, _ in image) > 1
    assert not [rest for word, rest in image if word == "ADD"]


def test_kernels_are_compiled_for_one_kind_of_processor(image):
    settings = surroundings(image)
    assert settings["NUMBA_CPU_NAME"] == "x86-64-v3"
    compiled_for = subprocess.run(
        [sys.executable, "-c", CODEGEN],
        env={**os.environ, **{k: v for k, v in settings.items() if k.startswith("NUMBA")}},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert compiled_for.strip() == "('x86-64-v3', '')"


def test_both_stages_agree_where_kernels_are_kept(image):
    kept = [shlex.split(rest) for word, rest in image if word == "ENV"]
    folders = {word for words in kept for word in words if word.startswith("EVENBAND_CACHE_DIR=")}
    assert len(kept) > 1
    assert len(folders) == 1


def test_a_command_of_its_own_is_found():
    assert unproved(
        instructions("FROM python\n# why\nRUN apt-get update && \\\n  curl example.org")
    )
