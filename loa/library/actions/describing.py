"""Say what is to be seen in an asset, put it away, offer it again."""

from django.db import transaction

from loa.kernel.text import normalise
from loa.library.actions.finding import refresh_words
from loa.library.models import Asset
from loa.ops import clock

LONGEST_ALT_TEXT = 4000


def describe_asset(
    asset: Asset,
    *,
    alt_text: str | None = None,
    focus: tuple[float, float] | None = None,
) -> Asset:
    """Change what is said about an asset; None leaves a value as it is."""
    if alt_text is not None:
        asset.alt_text = clean_alt_text(alt_text)
    if focus is not None:
        asset.focus_x, asset.focus_y = (max(-1.0, min(1.0, axis)) for axis in focus)
    with transaction.atomic():
        asset.save(update_fields=["alt_text", "focus_x", "focus_y"])
        refresh_words([asset.pk], workspace=asset.workspace)
    return asset


def archive_asset(asset: Asset) -> None:
    """Stop offering an asset. Posts that use it keep it; `restore_asset` undoes this."""
    asset.archived_at = clock.now()
    asset.save(update_fields=["archived_at"])


def restore_asset(asset: Asset) -> Asset:
    """Offer an archived asset again."""
    if asset.archived_at is not None:
        asset.archived_at = None
        asset.save(update_fields=["archived_at"])
    return asset


def clean_alt_text(text: str) -> str:
    """Return alt text in the form that is kept."""
    return normalise(text).strip()[:LONGEST_ALT_TEXT]
