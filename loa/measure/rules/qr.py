"""QR codes of tracked links. Pure: an address in, the bytes of a picture out.

Black on white with a quiet zone of four modules, as ISO/IEC 18004 asks: whatever the page or
the paper around it, scanners find it. A quarter may be soiled (level Q) and it still reads.
"""

import io
import re

from loa.kernel.text import fold

QUIET_MODULES = 4
# Large enough to be printed at 8 cm and 300 dpi.
PNG_MODULE_PX = 28
MIME_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def picture(url: str, *, form: str, title: str = "") -> bytes:
    """Return the QR code of `url` as "svg" or "png"."""
    import segno  # noqa: PLC0415 (seldom needed)

    code = segno.make(url, error="q", micro=False)
    out = io.BytesIO()
    if form == "svg":
        code.save(
            out,
            kind="svg",
            border=QUIET_MODULES,
            scale=8,
            dark="#000",
            light="#fff",
            title=title or None,
            svgclass=None,
            lineclass=None,
        )
    else:
        code.save(
            out, kind="png", border=QUIET_MODULES, scale=PNG_MODULE_PX, dark="#000", light="#fff"
        )
    return out.getvalue()


def filename(*words: str, form: str) -> str:
    """Return the name under which somebody saves it: "tiem-banh-ban-5.svg"."""
    parts = [re.sub(r"[^a-z0-9]+", "-", fold(one)).strip("-") for one in words]
    return f"{'-'.join(part for part in parts if part)[:80] or 'qr'}.{form}"
