"""Try every page with axe and write what the accessibility statement says: ``make accessibility``."""

import json
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.information.accessibility import RECORD
from tests.clients.page_states import STATES
from tests.clients.served import serving
from tests.clients.test_page import AXE, RULES, WIDTHS, failings
from tests.programs import need

SERVICE_FAILS = 500
AXE_VERSION = re.search(r"axe v([0-9.]+)", AXE)[1]


def main() -> int:
    """Write the record; return 1 where anything was found, which is printed."""
    found = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=str(need("chromium")), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for name, address in STATES.items():
            if page.goto(service + address).status >= SERVICE_FAILS:
                found.append(f"{name}: the service fails")
            page.evaluate(AXE)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{name}, {width}: {one}" for one in failings(page)]
        named = f"Chromium {browser.version.partition('.')[0]}"
        browser.close()
    record = {
        "day": datetime.now(UTC).date().isoformat(), "axe": AXE_VERSION, "browser": named,
        "rules": RULES, "widths": WIDTHS, "pages": [*STATES], "found": len(found),
    }  # fmt: skip
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    sys.stderr.write("".join(f"{one}\n" for one in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
