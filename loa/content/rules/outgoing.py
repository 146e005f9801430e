"""What a document says once it goes out: its links marked, or counted under our own address.

The written document is what people edit and approve; this is a pure function of it, of the
workspace's rule and of where it goes, so the composer shows what the dispatcher will freeze.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from loa.connectors.counting import link_spans
from loa.content.rules.addresses import LONGEST_ADDRESS, is_under, read_address, to_ascii
from loa.content.rules.document import Document
from loa.content.rules.utm import UtmRule, fields, marked

# The first comment, where a part's number would stand.
COMMENT = -1
# Without what is easily taken for another sign.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_CHARS = 8

# Returns the code of a tracked link: of its part and the address it leads to.
type CodeOf = Callable[[int, str], str]


@dataclass(frozen=True, slots=True)
class GoingRule:
    """What is done to links. utm: None when they are not marked.

    base: what a tracked link begins with, "" when links go out as they are. only_hosts: nothing
    is done to others; empty: to all. never_hosts: nothing is done to these. own: the rules of
    channels that mark in a way of their own, by channel id.
    """

    utm: UtmRule | None = None
    base: str = ""
    only_hosts: tuple[str, ...] = ()
    never_hosts: tuple[str, ...] = ()
    own: Mapping[int, UtmRule] = field(default_factory=dict)

    def on_channel(self, channel_id: int) -> "GoingRule":
        """Return the rule as it holds on one channel."""
        if self.utm is None or channel_id not in self.own:
            return self
        return replace(self, utm=self.own[channel_id])

    @property
    def does_nothing(self) -> bool:
        """True when links go out as they are written."""
        return self.utm is None and not self.base


@dataclass(frozen=True, slots=True)
class GoingLink:
    """A link of a document. target: where it leads. goes: what readers see. code: "" untracked.

    part: its number, COMMENT for the first comment.
    """

    part: int
    written: str
    target: str
    goes: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Going:
    """A document as it goes out. crowded: parts whose links stay as written for want of room."""

    document: Document
    links: tuple[GoingLink, ...] = ()
    crowded: frozenset[int] = frozenset()

    def caption(self, part: int) -> str:
        """Return what goes out of a part."""
        return self.document.parts[part].caption


def links_of(document: Document) -> tuple[tuple[int, str], ...]:
    """Return every link with the part it stands in, each once per part, in order."""
    found = [
        (part, text[start:end])
        for part, text in _texts(document)
        for start, end in link_spans(text)
    ]
    return tuple(dict.fromkeys(found))


def going(
    document: Document,
    rule: GoingRule,
    *,
    about: Mapping[str, str],
    code_of: CodeOf,
    fits: Callable[[str], bool],
) -> Going:
    """Return `document` as it goes out.

    about: what UTM templates may name. fits: whether the platform takes a text's length; a
    part that would become too long keeps its links as they are written.
    """
    if rule.does_nothing:
        return Going(document, tuple(_unchanged(part, url) for part, url in links_of(document)))
    links = [_going(part, url, rule, about, code_of) for part, url in links_of(document)]
    texts: dict[int, str] = {}
    crowded = set()
    for part, text in _texts(document):
        instead = {one.written: one.goes for one in links if one.part == part}
        texts[part] = _replaced(text, instead)
        if not fits(texts[part]) and fits(text):
            texts[part] = text
            crowded.add(part)
    parts = tuple(
        replace(part, caption=texts[number]) for number, part in enumerate(document.parts)
    )
    return Going(
        replace(document, parts=parts, first_comment=texts[COMMENT]),
        tuple(_unchanged(one.part, one.written) if one.part in crowded else one for one in links),
        frozenset(crowded),
    )


def code_from(digest: bytes) -> str:
    """Return a readable code from the bytes of a keyed hash."""
    number = int.from_bytes(digest[:16])
    letters = []
    for _ in range(CODE_CHARS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def _going(
    part: int, url: str, rule: GoingRule, about: Mapping[str, str], code_of: CodeOf
) -> GoingLink:
    address = read_address(url)
    if address is None or _is_left_alone(url, address.host, rule):
        return _unchanged(part, url)
    target = url
    if rule.utm is not None:
        target = marked(url, fields(rule.utm, about), overwrites=rule.utm.overwrites)
    if not rule.base:
        return GoingLink(part, url, target, target)
    read = read_address(target)
    plain = to_ascii(read) if read else ""
    if not plain or len(plain) > LONGEST_ADDRESS:
        return GoingLink(part, url, target, target)
    code = code_of(part, plain)
    return GoingLink(part, url, plain, f"{rule.base}{code}", code)


def _is_left_alone(url: str, host: str, rule: GoingRule) -> bool:
    if rule.base and url.startswith(rule.base):
        return True  # a tracked link that somebody pasted: it is counted already
    if rule.only_hosts and not is_under(host, rule.only_hosts):
        return True
    return is_under(host, rule.never_hosts)


def _unchanged(part: int, url: str) -> GoingLink:
    return GoingLink(part, url, url, url)


def _texts(document: Document) -> Iterable[tuple[int, str]]:
    yield from enumerate(part.caption for part in document.parts)
    yield COMMENT, document.first_comment


def _replaced(text: str, instead: Mapping[str, str]) -> str:
    """Put other links in the places of those in `text`; all between stays to the letter."""
    pieces: list[str] = []
    at = 0
    for start, end in link_spans(text):
        pieces += (text[at:start], instead.get(text[start:end], text[start:end]))
        at = end
    return "".join((*pieces, text[at:]))
