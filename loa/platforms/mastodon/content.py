"""What a status says, as plain text to compare with what we sent. Pure."""

from html.parser import HTMLParser

from loa.connectors.counting import without_mention_hosts
from loa.kernel.text import normalise


def as_compared(caption: str) -> str:
    """Return `caption` without what an instance may change: blanks, and hosts of mentions."""
    return " ".join(without_mention_hosts(normalise(caption)).split())


def html_as_compared(content: str) -> str:
    """Return the text of a status's HTML, in the same form.

    Links are shortened for the eye only: their invisible pieces are text as well.
    """
    reader = _Text()
    reader.feed(content)
    reader.close()
    return as_compared("".join(reader.pieces))


class _Text(HTMLParser):
    """Collects text; paragraphs and line breaks become line ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in {"br", "p"}:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
