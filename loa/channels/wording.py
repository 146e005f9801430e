"""What a platform's refusal means, said to a person; and each platform's help page."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from loa.connectors import registry


def refusal(code: str) -> str:
    """Return a sentence for a connector's code: what happened and what to do next.

    A code that is not listed is named, so that support can look it up.
    """
    sentences = {
        "grant.withdrawn": _("The platform no longer accepts our permission. Reconnect."),
        "grant.refused": _("The platform did not accept what was typed. Check it and try again."),
        "grant.expired": _("The permission has run out. Reconnect the channel."),
        "grant.missing": _("No permission is kept for this channel. Reconnect it."),
        "grant.code_refused": _("The platform did not accept the answer. Start again."),
        "grant.wrong_state": _(
            "The answer does not belong to a connection started in this browser. Start again."
        ),
        "grant.scope": _("The permission does not cover what Loa needs. Connect again."),
        "grant.suspended": _("The platform has suspended this account."),
        "instance.unreadable": _("This is not an address we can read. Type it like town.example."),
        "instance.unknown": _("No such server answers there. Check the spelling."),
        "instance.other": _("A server answers there, but it is not of this platform."),
        "egress.blocked": _("This address leads into a private network, so Loa does not go there."),
        "rate.limited": _("The platform asks us to wait. Try again in a few minutes."),
        "time.over": _("The platform took too long to answer. Try again."),
    }
    unreachable = _("The platform cannot be reached right now. Nothing was changed; try again.")
    if code in sentences:
        return sentences[code]
    if not code or code.startswith(("network.", "server.", "answer.")):
        return unreachable
    return _("The platform refused (%(code)s). Nothing was changed.") % {"code": code}


def help_page(platform: str, language: str) -> SafeString:
    """Return the platform folder's help as HTML, in `language` when it is there.

    The text comes from a platform's package, so HTML in it is shown as text.
    """
    markdown = MarkdownIt("commonmark", {"html": False})
    return SafeString(markdown.render(registry.help_text(platform, language)))
