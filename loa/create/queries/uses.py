"""Tell the library which posts show an asset, as the desk knows them."""

from loa.channels.models import Channel
from loa.content.models import Variant
from loa.content.queries.uses import showing
from loa.create.queries.lists import rows_of
from loa.library.models import Asset
from loa.library.queries import uses
from loa.library.queries.uses import UsedIn

MOST = 100


@uses.listed
def posts_with(asset: Asset) -> list[UsedIn]:
    """Return the posts that show `asset`, the latest changed first."""
    posts = showing(asset.workspace, [asset.pk]).order_by("-changed_at", "-pk")[:MOST]
    rows = rows_of(posts)
    shown_on: dict[int, list[Channel]] = {}
    variants = Variant.objects.filter(post__in=[row.post for row in rows]).order_by("pk")
    for variant in variants.select_related("post", "channel"):
        if asset.pk in variant.document.asset_ids():
            shown_on.setdefault(variant.post_id, []).append(variant.channel)
    return [
        UsedIn(
            post_id=row.post.pk,
            title=str(row.post),
            word=row.word,
            channels=tuple(str(one) for one in shown_on.get(row.post.pk, ())),
            platforms=tuple(one.platform for one in shown_on.get(row.post.pk, ())),
            at=row.at,
            url_name="create:post",
        )
        for row in rows
    ]
