"""Answer a composer: with the parts of its page that changed, or with the page."""

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from loa.content.models import Post, Revision
from loa.content.queries import review_mode
from loa.create.forms import LANGUAGES, Sent
from loa.create.queries.composer import Composer, compose
from loa.create.queries.recent import recently_used
from loa.create.queries.review import review_of
from loa.ops import clock
from loa.web.fragments import render_parts
from loa.workspace.access import LoaRequest

NAMES = ("Tiếng Việt", "English", "Français", "Deutsch", "日本語", "한국어", "中文", "ไทย")
ALWAYS = (
    "create/composer/kept.html",
    "create/composer/conflict.html",
    "create/composer/word.html",
    "create/composer/previews.html",
    "create/composer/foot.html",
)
# While somebody types, no field may be touched.
AFTER_TYPING = ("create/composer/checked.html",)
AFTER_ORDER = ("create/composer/tabs.html", "create/composer/panels.html")


@dataclass(frozen=True)
class Setback:
    """Why what was sent could not become the post: a sentence, or what it conflicts with."""

    words: str = ""
    aside: Revision | None = None

    @property
    def status(self) -> int:
        """Return the honest status code."""
        return HTTPStatus.CONFLICT if self.aside else HTTPStatus.UNPROCESSABLE_ENTITY


def answer(
    request: LoaRequest, sent: Sent, post: Post | None, *, setback: Setback | None = None
) -> HttpResponseBase:
    """Answer what was sent. After a setback the page keeps all that was typed."""
    if not request.is_htmx and setback is None:
        return _back_to_page(request, sent, post)
    keeps_typed = setback is not None or post is None
    composer = compose(
        request.workspace,
        post=post,
        state=sent.state if keeps_typed else None,
        typed=None if sent.order else sent.state,
        here=open_tab(request, sent),
        shown=request.POST.get("shown", ""),
    )
    context = context_of(request, composer, tab=sent.tab, typed_time=sent.planned)
    context["saved_at"] = clock.now() if post and setback is None else None
    if setback:
        # It stays typed over the state it began from, so the other edit is never overwritten.
        context |= {"setback": setback, "kept_revision": sent.base_revision}
    status = setback.status if setback else HTTPStatus.OK
    if not request.is_htmx:
        return render(request, "create/composer.html", context, status=status)
    parts = (*ALWAYS, *(AFTER_ORDER if sent.order and not setback else AFTER_TYPING))
    response = render_parts(request, *parts, context={**context, "oob": True}, status=status)
    if post and not request.POST.get("post"):
        response.headers["HX-Replace-Url"] = address(request, post)
    return response


def open_tab(request: LoaRequest, sent: Sent) -> str:
    """Return the name of the tab to show."""
    verb, _colon, name = sent.order.partition(":")
    return name if verb in {"tab", "own"} else request.POST.get("here", "")


def address(request: LoaRequest, post: Post) -> str:
    """Return where the post is shown."""
    return reverse("create:post", args=[request.workspace.slug, post.pk])


def context_of(
    request: LoaRequest, composer: Composer, *, tab: str = "", typed_time: str = ""
) -> dict[str, Any]:
    """Return what the composer's templates need."""
    post = composer.post
    review = review_of(post, request.member) if post else None
    mode = review.standing.rule.mode if review else review_mode(request.workspace)
    return {
        "composer": composer,
        "post": post,
        "tab": tab or secrets.token_hex(8),
        "typed_time": typed_time,
        "saved_at": post.changed_at if post else None,
        "languages": tuple(zip(LANGUAGES, NAMES, strict=True)),
        "recent": recently_used(request.workspace),
        "review": review,
        "may_schedule": request.member.may("can_schedule"),
        "needs_review": mode != "none",
        "is_approved": post is not None and post.review == Post.Review.APPROVED,
        "upload_limit": max(settings.UPLOAD_MAX_BYTES, settings.VIDEO_MAX_BYTES),
        "too_large": _("“{name}” is larger than %(limit)s. Make it smaller and send it again.")
        % {"limit": filesizeformat(max(settings.UPLOAD_MAX_BYTES, settings.VIDEO_MAX_BYTES))},
    }


def _back_to_page(request: LoaRequest, sent: Sent, post: Post | None) -> HttpResponseBase:
    if post is None:
        return redirect("create:compose", workspace_slug=request.workspace.slug)
    return redirect(f"{address(request, post)}?tab={open_tab(request, sent)}")
