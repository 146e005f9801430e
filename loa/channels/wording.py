"""What a platform's refusal means, said to a person; and each platform's help page."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from loa.connectors import registry


def refusal(code: str) -> str:
    """Return a sentence for a code of connectors/codes.py: what happened and what to do next.

    A code that is not listed is named, so that support can look it up.
    """
    say = _SENTENCES.get(code)
    if say is not None:
        return str(say)
    unknown = gettext("The platform refused, for a reason Loa does not know (%(code)s).")
    return unknown % {"code": code}


# What happened and the next step; connectors/codes.py says when each is used.
_SENTENCES = {
    "egress.blocked": _("This address leads into a private network, so Loa does not go there."),
    "egress.insecure": _("This address is not encrypted, so Loa sends nothing there. Use https."),
    "egress.unusual": _("This is not an ordinary web address. Type it like https://town.example."),
    "network.unresolved": _("No such server can be found. Check the spelling of the address."),
    "network.unreachable": _("Nothing answers at this address. Check it, or try again later."),
    "network.tls": _("The server's certificate cannot be trusted, so nothing was sent."),
    "network.timeout": _("The platform did not answer in time. Try again."),
    "network.cut": _("The connection broke off. Try again."),
    "network.too_large": _("The answer was larger than Loa takes. Try again later."),
    "network.redirects": _("The address leads round in circles. Check it."),
    "network.file_changed": _("A file changed while it was sent. Upload it once more."),
    "time.over": _("It took too long, so Loa stopped. Try again."),
    "answer.unreadable": _("The platform answered something Loa cannot read. Try again later."),
    "rate.limited": _("The platform asks us to wait. Loa goes on by itself after that."),
    "platform.trouble": _("The platform has trouble of its own. Try again later."),
    "platform.refused": _("The platform refused and did not say why."),
    "platform.moved": _("The platform has moved to another address. Reconnect the channel."),
    "instance.unreadable": _("Loa cannot read this address. Type it like town.example."),
    "instance.unsupported": _("A server answers there, but it is not of this platform."),
    "account.unknown": _("There is no such account. Check the name."),
    "account.taken": _("There already is an account of that name. Choose another."),
    "account.mismatch": _("The name and the account do not confirm each other. Check both."),
    "account.suspended": _("The platform has suspended this account. Ask the platform why."),
    "login.wrong": _("The platform did not accept what was typed. Check it and try again."),
    "login.own_password": _(
        "That was the account's own password. Make an app password for Loa and type that one."
    ),
    "login.second_factor": _("Use an app password made for Loa, not the main password."),
    "grant.withdrawn": _("The platform took the permission back. Reconnect the channel."),
    "grant.expired": _("The permission has run out. Reconnect the channel."),
    "grant.insufficient": _("The permission does not cover what Loa needs. Connect again."),
    "grant.other_account": _("The permission belongs to another account. Connect that one."),
    "grant.missing": _("No permission is kept for this channel. Reconnect it."),
    "grant.wrong_state": _(
        "The answer does not belong to a connection started in this browser. Start again."
    ),
    "grant.other_way": _("This platform is connected in another way."),
    "text.empty": _("There is nothing to publish. Write something or add an image."),
    "text.too_long": _("The caption is too long for this channel. Shorten it."),
    "alt.too_long": _("An alternative text is too long for this channel. Shorten it."),
    "media.too_many": _("There are too many files on one part. Remove some."),
    "media.too_large": _("A file is too large for this channel. Use a smaller one."),
    "media.missing": _("This channel takes no post without a picture or a video. Add one."),
    "media.shape": _("A picture is too tall or too wide for this channel. Crop it."),
    "media.type": _("This channel does not take this kind of file."),
    "media.refused": _("The platform could not process a file. Try another one."),
    "media.processing": _("The platform is still processing a file. Loa looks again by itself."),
    "media.expired": _("An uploaded file is gone from the platform. Loa uploads it again."),
    "post.gone": _("The post does not exist on the platform any more."),
    "post.taken": _("Something else is live where this post should be. Look at the channel."),
    "permission.missing": _("The account may not do this. Check its rights on the platform."),
    "read_back.unavailable": _("This platform does not let us look up what we sent."),
    "read_back.too_far": _("Too much was posted since to look that far back."),
}


def help_page(platform: str, language: str) -> SafeString:
    """Return the platform folder's help as HTML, in `language` when it is there.

    The text comes from a platform's package, so HTML in it is shown as text.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return SafeString(markdown.render(registry.help_text(platform, language)))
