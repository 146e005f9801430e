"""Every code with which the transport and the platforms explain a failure.

Templates word them for people; a test compares this list with their words. A platform uses
these, and adds a line here when it knows something that none of them says.
"""

CODES = {
    # the way there
    "egress.blocked": "The address is not on the public internet.",
    "egress.insecure": "The address has no TLS, and something secret would be sent.",
    "egress.unusual": "The address is not a plain web address: its form, its port or its scheme.",
    "network.unresolved": "The host name is unknown, or its look-up took too long.",
    "network.unreachable": "Nothing answers at the address.",
    "network.tls": "No trusted connection: the certificate is wrong.",
    "network.timeout": "No whole answer came in time.",
    "network.cut": "The connection broke.",
    "network.too_large": "The answer is larger than we take.",
    "network.redirects": "Too many redirects.",
    "network.file_changed": "A file had another size than announced.",
    "time.over": "The whole procedure took too long.",
    "answer.unreadable": "The answer does not hold what it should.",
    # the platform as a whole
    "rate.limited": "The platform asks us to wait.",
    "platform.trouble": "The platform has trouble of its own, or answers something unexpected.",
    "platform.refused": "The platform refused, and we have no better word for why.",
    "platform.moved": "The platform answers that it is elsewhere.",
    # connecting
    "instance.unreadable": "What was typed is not the address of an instance.",
    "instance.unsupported": "The address answers, but not as this platform does.",
    "account.unknown": "There is no such account, or its name leads nowhere.",
    "account.taken": "There already is an account of that name.",
    "account.mismatch": "The name and the account do not confirm each other.",
    "account.suspended": "The platform has suspended or deactivated the account.",
    "login.wrong": "Name or password is wrong.",
    "login.own_password": "The account's own password was typed; an app password is wanted.",
    "login.second_factor": "The platform asks for a second factor; an app password has none.",
    "grant.withdrawn": "The permission was withdrawn.",
    "grant.expired": "The permission ran out and must be renewed.",
    "grant.insufficient": "The permission does not cover what we need.",
    "grant.other_account": "The permission belongs to another account.",
    # what was sent
    "text.empty": "There is nothing to publish.",
    "text.too_long": "The caption is too long.",
    "alt.too_long": "An alternative text is too long.",
    "media.too_many": "Too many files for one part.",
    "media.too_large": "A file is too large, in bytes or in pixels.",
    "media.missing": "The platform wants a picture or a video.",
    "media.shape": "A picture is too tall or too wide.",
    "media.type": "The platform does not take this kind of file.",
    "media.refused": "The platform could not process a file.",
    "media.processing": "A file is still being processed.",
    "media.expired": "An uploaded file is gone; it must be uploaded again.",
    "post.gone": "The post does not exist any more.",
    "post.taken": "Something else is live under the reference we reserved.",
    "permission.missing": "The account may not do this.",
    "read_back.unavailable": "This account's posts cannot be listed.",
    "read_back.too_far": "Too much was posted since to look that far back.",
}
