"""What the cells of a month say.

A month holds more than a hundred lines, each the same few attributes: as a template of their
own, with the counts in the cells, they took half of the page's time (docs/decisions/0198).
"""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from loa.plan.queries.cards import Card
from loa.plan.templatetags.plan import post_page
from loa.plan.wording import counted
from loa.web import states
from loa.web.templatetags.loa import icon

register = template.Library()
register.filter("more_in_words", counted.more)
register.filter("posts_in_words", counted.posts)
register.filter("silent_in_words", counted.silent)
register.filter("free_in_words", counted.free)

LINE = (
    '<li class="plan-line tone-{tone}" id="card-{key}" data-row data-card="{address}"'
    ' data-time="{clock}"{movable}>{state_icon}'
    '<a class="plan-line-words" href="{url}" title="{opening} · {channels} · {state}"'
    ' draggable="false"><time class="numbers" datetime="{iso}">{clock}</time> {words}</a>'
    "{clash}{move}</li>"
)
MOVE = (
    '<a class="card-move button button-quiet button-icon button-small" href="{form}"'
    ' hx-get="{form}" hx-target="#move-body" hx-swap="innerHTML" title="{words}"'
    ' draggable="false">{clock}<span class="only-read-aloud">{words}</span></a>'
)
MOVABLE = SafeString(" data-movable")
NOTHING = SafeString("")


@register.simple_tag(takes_context=True)
def month_line(context: template.Context, card: Card) -> SafeString:
    """Draw a post in a cell of the month: its state, its time, how it begins, and a way to move it.

    context: as views.calendar.context gives it.
    """
    is_movable = card.is_movable and context["may_schedule"]
    shown = states.shown(card.state)
    state = str(shown.label)
    return format_html(
        LINE,
        tone=shown.tone,
        key=card.key,
        address=card.address,
        clock=card.clock,
        movable=MOVABLE if is_movable else NOTHING,
        state_icon=icon(shown.icon, "s", label=state),
        url=post_page(context["request"].workspace.slug, card.post_id) or "#",
        opening=card.opening,
        channels=card.channel_names,
        state=state,
        iso=card.iso,
        words=card.opening or _("Nothing written yet"),
        clash=icon("alert", "s", label=_("Clashes with another post"))
        if card.clash_codes
        else NOTHING,
        move=_move(context["frame"], card) if is_movable else NOTHING,
    )


def _move(frame: Any, card: Card) -> SafeString:
    return format_html(
        MOVE,
        form=f"{frame.move_base}&{card.address}",
        words=frame.move_words,
        clock=icon("clock", "s"),
    )
