"""What stands against a variant, asked as the composer asks."""

from loa.content.models import Variant
from loa.content.queries import findings_for
from loa.content.rules.findings import Finding


def findings_of(variant: Variant) -> tuple[Finding, ...]:
    """Return what stands against sending `variant` as it is now, the heaviest first."""
    found = findings_for(
        {variant.channel: variant.document},
        workspace=variant.workspace,
        except_post=variant.post,
        planned={variant.channel_id: variant.planned_at},
    )
    return found[variant.channel_id]
