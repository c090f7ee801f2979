"""Run by Debian's own Python: a blank Calc document reads formulas and prints what they come to.

``python3 calc_reader.py FOLDER`` takes a JSON list of formulas on standard input and writes a
JSON list of ``{"text", "number", "error"}``. FOLDER holds the profile that LibreOffice makes.
"""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE = 120
HIDDEN = PropertyValue("Hidden", 0, True, 0)


def connect(pipe):
    """Return LibreOffice's desktop, once it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    for _ in range(PATIENCE * 4):
        try:
            context = resolver.resolve(address)
        except NoConnectException:
            time.sleep(0.25)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
    sys.exit("LibreOffice did not start")


@contextmanager
def running(folder):
    """Give the desktop of a LibreOffice with its profile in a folder, and end it."""
    pipe = f"evenband{uuid4().hex}"
    office = subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    desktop = connect(pipe)
    try:
        yield desktop
    finally:
        desktop.terminate()
        office.wait(timeout=PATIENCE)


def read(desktop, formulas):
    """Return what each formula comes to in a document that is thrown away."""
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (HIDDEN,))
    try:
        cells = [
            document.Sheets.getByIndex(0).getCellByPosition(0, row) for row in range(len(formulas))
        ]
        for cell, formula in zip(cells, formulas, strict=True):
            cell.setFormula(formula)
        document.calculateAll()
        return [
            {"text": cell.String, "number": cell.Value, "error": cell.getError()} for cell in cells
        ]
    finally:
        document.close(True)


def main():
    """Start LibreOffice, read, and end it."""
    folder = Path(sys.argv[1]).resolve()
    formulas = json.load(sys.stdin)
    with running(folder) as desktop:
        json.dump(read(desktop, formulas), sys.stdout)


if __name__ == "__main__":
    main()
