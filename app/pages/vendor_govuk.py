"""Copy the built files of govuk-frontend here without the marks that only government may use.

``python -m app.pages.vendor_govuk FOLDER`` takes the unpacked package, once for each new
version. The typeface is licensed for government's own pages alone, and the crest is theirs:
what is copied names neither.
"""

import re
import sys
from pathlib import Path

STATIC = Path(__file__).parent / "static"
BUILT = Path("dist") / "govuk"
TYPEFACE = "GDS Transport"
OWN_TYPEFACE = "Helvetica,Arial,sans-serif"
RULE = re.compile(r"[^{}]*\{[^{}]*\}")
LEFTOVERS = ("@font-face", TYPEFACE, "crest", "crown", "url(")


class MarksLeft(Exception):
    """A mark of government is left in what would be served."""


def without_marks(style: str) -> str:
    """Return a built style sheet without typeface, crest, crown and references to other files."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = style.replace(f"{TYPEFACE},arial,sans-serif", OWN_TYPEFACE)
    style = RULE.sub(lambda rule: "" if _is_mark(rule.group()) else rule.group(), style)
    # What held nothing but the crest is empty now.
    while (fewer := re.sub(r"@(?:supports|media)[^{}]*\{\}", "", style)) != style:
        style = fewer
    if left := [mark for mark in LEFTOVERS if mark.lower() in style.lower()]:
        message = f"still in the style sheet: {', '.join(left)}"
        raise MarksLeft(message)
    return style


def _is_mark(rule: str) -> bool:
    words = rule.lower()
    return "@font-face" in words or "crest" in words or "crown" in words


def without_map(script: str) -> str:
    """Return a built script without the address of a source map that is not served."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", script)


def vendor(package: Path) -> None:
    """Copy style sheet and script of an unpacked package."""
    style = (package / BUILT / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (package / BUILT / "govuk-frontend.min.js").read_text(encoding="utf-8")
    (STATIC / "govuk-frontend.min.css").write_text(without_marks(style), encoding="utf-8")
    (STATIC / "govuk-frontend.min.js").write_text(without_map(script), encoding="utf-8")


if __name__ == "__main__":
    vendor(Path(sys.argv[1]))
