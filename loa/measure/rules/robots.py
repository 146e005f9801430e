"""Who follows a link without being a person. Pure.

A request counts as a robot's when it
1. names no browser: every browser's User-Agent begins with Mozilla/ or Opera/, those inside
   apps (Facebook, Instagram, TikTok, Zalo) included;
2. names itself as something else all the same: a search engine, a platform that fetches a
   preview, a mail scanner, a monitor, a library;
3. says that it only looks ahead: a browser's prefetch, prerender or preview.
HEAD is never a click. What pretends to be a browser counts as a person.
"""

import re
from collections.abc import Mapping

_BROWSER = re.compile(r"(?:Mozilla|Opera)/")
_NAMES = re.compile(
    r"(?<!\bcu)bot(?:\b|_|/)|bots\b|crawl|spider|slurp|fetcher|preview|scanner|monitor|validator"
    r"|externalhit|externalagent|facebookcatalog|headless|phantomjs|lighthouse|pagespeed"
    r"|google-(?:read-aloud|inspectiontool|safety|structured)|googleimageproxy|googleother"
    r"|mediapartners|feedburner|feedly|embedly|iframely|vkshare|w3c_|whatsapp/|cardyb|outbrain"
    r"|pingdom|uptime|statuscake|site24x7|archive\.org|ia_archiver|safelinks|barracuda|proofpoint"
    r"|mimecast|bitlybot|quora link|redditbot|python|curl/|wget|java/|okhttp|axios|node-fetch"
    r"|go-http-client|libwww|mastodon/|pleroma|akkoma|misskey|\bloa/",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
# What browsers say of a look ahead, now (Sec-Purpose) and in earlier years.
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def is_robot(headers: Mapping[str, str]) -> bool:
    """Say whether a request with these headers is not a person's click."""
    agent = headers.get("User-Agent", "")
    if not _BROWSER.match(agent) or _NAMES.search(agent):
        return True
    return any(_AHEAD.search(headers.get(name, "")) for name in PURPOSES)
