"""The address of a result as a QR code: for a printed page and for a workbook."""

import io

import segno
from markupsafe import Markup

MASK = 0
"""The pattern laid over every code: readers take each of the eight, and to try all takes four times as long as the code."""

MODULE = 3
"""Dots of a picture in a workbook to each module of a code."""


def qr_svg(address: str) -> Markup | None:
    """Return the code as SVG within a page, as large as its box; None for an address that no code holds."""
    code = _code(address)
    if code is None:
        return None
    return Markup(code.svg_inline(border=2, omitsize=True, svgclass="app-qr__code", lineclass=None))  # noqa: S704 - drawn by us


def qr_png(address: str) -> bytes | None:
    """Return the code as a picture; None for an address that no code holds."""
    code = _code(address)
    if code is None:
        return None
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=MODULE, border=2)
    return picture.getvalue()


def _code(address: str) -> segno.QRCode | None:
    try:
        return segno.make_qr(address, error="L", boost_error=False, mask=MASK)
    except segno.DataOverflowError:
        return None
