"""No file names a package registry, a private address, or a folder of a developer's machine."""

import re

import pytest

from tests.house.sources import named, tracked_files

# Words alone, so that not even this file holds an address.
HOSTS = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "npmmirror", "crates", "anaconda", "golang")
REGISTRIES = re.compile(
    rf"({'|'.join(HOSTS)})\.(python\.org|org|com|io)|--(extra-)?index-url[ =]|--find-links[ =]",
    re.IGNORECASE,
)
MACHINE = re.compile(r"(?<![\w./-])/(root|work|home/\w+|Users/\w+)/")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{30,}")
OPTION, SLASH = "-" * 2 + "index-" + "url", "/"
"""What is refused, in parts, so that this file is read like any other."""


def texts() -> list[tuple[str, str]]:
    """Return the name and the text of every tracked file that is text."""
    found = []
    for path in tracked_files():
        try:
            found.append((named(path), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("refused", [REGISTRIES, MACHINE, SECRET])
def test_no_file_names(refused):
    assert not {
        name: said.group() for name, text in texts() if (said := refused.search(text)) is not None
    }


@pytest.mark.parametrize(
    ("refused", "text"),
    [
        (REGISTRIES, f"{OPTION} https://mirror.example/simple"),
        (REGISTRIES, f"https://files.{HOSTS[1]}.org/packages/a.whl"),
        (MACHINE, f"open('{SLASH}root{SLASH}pupils.csv')"),
        (MACHINE, f"see {SLASH}home{SLASH}anna{SLASH}rules"),
        (SECRET, f"{'-' * 5}BEGIN RSA PRIVATE KEY{'-' * 5}"),
    ],
)
def test_a_breach_is_found(refused, text):
    assert refused.search(text)


def test_a_folder_of_the_project_is_no_machine_path():
    folder = f"work{SLASH}a"
    for text in (
        f"docs{SLASH}{folder}",
        f".{SLASH}{folder}",
        f"https://example.org{SLASH}{folder}",
    ):
        assert not MACHINE.search(text)
