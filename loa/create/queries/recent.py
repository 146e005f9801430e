"""What was used lately, to be used again with one click."""

import re
from collections import Counter
from dataclasses import dataclass

from loa.content.models import Post
from loa.content.rules.document import document_from_json
from loa.content.rules.wording import hashtags
from loa.workspace.models import Workspace

LOOKED_AT = 60
OFFERED = 12
_MENTION = re.compile(r"(?<![\w/])@[\w.\-]+(?:@[\w.\-]*\w)?")


@dataclass(frozen=True)
class Recent:
    """Hashtags without their sign, and mentions with it; the most used first."""

    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def recently_used(workspace: Workspace) -> Recent:
    """Return the tags and mentions of the latest posts."""
    tags: Counter[str] = Counter()
    names: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    rows = (
        Post.objects.in_workspace(workspace)
        .filter(deleted_at=None)
        .order_by("-changed_at", "-pk")
        .values_list("shared", flat=True)[:LOOKED_AT]
    )
    for shared in rows:
        for part in document_from_json(shared).parts:
            for tag in hashtags(part.caption):
                tags[spelled.setdefault(tag.casefold(), tag)] += 1
            names.update(name.rstrip(".-") for name in _MENTION.findall(part.caption))
    return Recent(
        hashtags=tuple(tag for tag, _ in tags.most_common(OFFERED)),
        mentions=tuple(name for name, _ in names.most_common(OFFERED)),
    )
