"""Clients that generators make from the description call every what-if of the real service, typed.

Each generator has its own environment, which ``make programs`` installs from a lock with
hashes; without it its test is left out, or fails under CI.
"""

import json
import os
import shutil
import subprocess

from playwright._impl._driver import compute_driver_executable

from tests.clients.served import ROOT
from tests.programs import need

HERE = ROOT / "tests" / "clients" / "generated"
DESCRIPTION = ROOT / "fixtures" / "schema" / "openapi.json"
EXAMPLES = [ROOT / "fixtures" / "examples" / name for name in ("what_ifs.json", "allocations.json")]
STRICTLY = [
    "--strict", "--skipLibCheck", "--target", "es2022", "--lib", "es2022,dom,dom.iterable",
    "--module", "esnext", "--moduleResolution", "bundler",
]  # fmt: skip
READ = {
    "notional_sen": "87522.50",
    "working": "start",
    "top_ups": "1259.55",
    "comparison": "-4858.80",
    "places": "277501.00",
    "high_needs_block": "55017590.00",
    "targeted_funding": "6000.00",
    "cases": 1,
    "bands": [str(band) for band in range(1, 17)],
    "tariff": "1044.85",
    "refused": {"type": "/problems/rule-set-unknown", "status": 404},
}


def ran(*command, **options):
    """Run a command to its end and return what it printed."""
    done = subprocess.run(
        [*map(str, command)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_python_client_reads_every_answer(service, tmp_path):
    programs = need("client generator") / "bin"
    said = ran(
        programs / "openapi-python-client", "generate", "--meta", "none",
        "--path", DESCRIPTION, "--output-path", tmp_path / "evenband_client",
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert "warning" not in said.lower(), said
    told = ran(programs / "python", HERE / "call_every_what_if.py", service, tmp_path, *EXAMPLES)
    assert json.loads(told) == READ


def test_a_typescript_client_reads_every_answer(service, tmp_path):
    modules = need("npm environment") / "node_modules"
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    calls = shutil.copy(HERE / "call_every_what_if.ts", tmp_path)
    node = compute_driver_executable()[0]
    generator, compiler = modules / "openapi-typescript/bin/cli.js", modules / "typescript/bin/tsc"
    ran(node, generator, DESCRIPTION, "--output", tmp_path / "api.d.ts")
    ran(node, compiler, *STRICTLY, calls, cwd=tmp_path)
    bodies: dict[str, object] = {}
    for file in EXAMPLES:
        bodies |= json.loads(file.read_text(encoding="utf-8"))
    told = ran(node, tmp_path / "call_every_what_if.js", service, json.dumps(bodies))
    assert json.loads(told) == READ
