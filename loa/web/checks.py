"""Said at the start: what a page would be missing."""

from typing import Any

from django.core import checks

from loa.web import built


@checks.register
def the_front_end_is_built(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Warn when there are no styles and scripts to serve."""
    if built.is_built():
        return []
    return [
        checks.Warning(
            "The front end is not built, so pages have no styles.",
            hint="Run `make assets`.",
            id="loa.web.W001",
        )
    ]
