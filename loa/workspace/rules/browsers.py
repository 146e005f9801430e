"""Say in words which browser a session came from. Only for the person to recognise it."""

from dataclasses import dataclass

# The first mark found decides; browsers pretend to be each other, so the order matters.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser and what it runs on; "" for unknown."""

    name: str
    system: str


def described(user_agent: str) -> Browser:
    """Return the browser that introduces itself as `user_agent`."""
    return Browser(_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in marks if mark in user_agent), "")
