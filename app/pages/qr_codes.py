"""The address of a result as a QR code: for a printed page and for a workbook."""

import io

import segno

MASK = 0
"""The pattern laid over every code: readers take each of the eight, and to try all takes four times as long as the code."""

MODULE = 3
"""Dots of a picture in a workbook to each module of a code."""


MOST_BYTES = 2_953
"""Bytes of an address that the largest code holds."""


def has_code(address: str) -> bool:
    """Return whether a code holds an address."""
    return len(address.encode()) <= MOST_BYTES


def qr_svg(address: str) -> bytes | None:
    """Return the code as SVG, as large as its box; None for an address that no code holds."""
    code = _code(address)
    if code is None:
        return None
    picture = io.BytesIO()
    code.save(picture, kind="svg", border=2, omitsize=True, svgclass=None, lineclass=None)
    return picture.getvalue()


def qr_png(address: str) -> bytes | None:
    """Return the code as a picture; None for an address that no code holds."""
    code = _code(address)
    if code is None:
        return None
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=MODULE, border=2)
    return picture.getvalue()


def _code(address: str) -> segno.QRCode | None:
    if not has_code(address):
        return None
    return segno.make_qr(address, error="L", boost_error=False, mask=MASK)
