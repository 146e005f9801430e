"""Set documents as PDF, in a process of its own that is gone afterwards.

A template is a file of ours; everything people wrote reaches it as data, never as markup.
"""

import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from loa.kernel.errors import LoaError
from loa.kernel.json import JSON

WITHIN_S = 30.0
CHILD = "loa.ops.printing.child"


class NotPrinted(LoaError):
    """The document could not be set, or took too long."""


def fonts() -> Path:
    """Return where the fonts of documents are, built beside the styles."""
    return Path(settings.STATICFILES_DIRS[0]) / "print"


def to_pdf(template: Path, data: JSON) -> bytes:
    """Return the PDF that `template` makes of `data`; raises NotPrinted."""
    order = json.dumps({"template": str(template), "fonts": str(fonts()), "data": data})
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-m", CHILD],
            input=order.encode(),
            capture_output=True,
            timeout=WITHIN_S,
            check=False,
            cwd=settings.ROOT,
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted(f"not set within {WITHIN_S:.0f} s") from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise NotPrinted(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
