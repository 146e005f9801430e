"""How people really type: without diacritics, in teencode, with stretched words. Pure."""

import random
import re
import unicodedata

from practice_network.audience.people import Person

_SHORT = {
    "không": ("ko", "k", "hông", "kh"),
    "được": ("đc", "dc", "đk"),
    "vậy": ("v", "z", "dị"),
    "rồi": ("r", "òi", "rùi"),
    "gì": ("j", "gì"),
    "với": ("vs", "zới"),
    "mình": ("mik", "mk", "mình"),
    "bạn": ("b", "bn"),
    "nhiều": ("nhìu", "nhiu"),
    "biết": ("bít", "bik"),
    "quá": ("wá", "qá"),
    "người": ("ng", "ngừi"),
    "trước": ("trc", "trước"),
    "giờ": ("h", "giờ"),
    "thích": ("thik", "thick"),
    "yêu": ("iu", "iêu"),
    "em": ("e", "em"),
    "anh": ("a", "anh"),
    "chị": ("c", "chị"),
    "nhắn tin": ("nt", "ib"),
    "bao nhiêu": ("bn", "nhiu", "bnhiu"),
    "cảm ơn": ("cảm ơn", "cám ơn", "tks", "thanks"),
    "trời ơi": ("trùi ui", "chời ơi"),
    "luôn": ("lun", "luôn"),
    "thôi": ("thui", "thoi"),
    "muốn": ("mún", "muốn"),
    "chưa": ("ch", "chưa"),
    "nhưng": ("nhma", "nhưng"),
    "hôm nay": ("hnay", "hôm nay"),
    "ngon": ("ngon", "nghon"),
}
_WORDS = re.compile(
    r"(?<![\w@])(" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")(?!\w)",
    re.IGNORECASE,
)
_STRETCHABLE = re.compile(r"\b(\w*[aeiouyngáàảãạêôơư])(?=\s|$)")
_STRETCH_AT_MOST = 4


def typed(text: str, person: Person, chance: random.Random) -> str:
    """Return `text` as `person` would type it."""
    if person.language == "vi":
        text = _shorten(text, person, chance)
        if chance.random() < person.drops_marks:
            text = _without_marks(text)
    if chance.random() < person.stretches:
        text = _stretch(text, chance)
    if person.starts_low and not text.startswith("@"):
        text = text[:1].lower() + text[1:]
    if chance.random() < person.loud:
        text = text.rstrip(".") + "!" * chance.randint(1, 3)
    return re.sub(r" {2,}", " ", text).strip()


def _shorten(text: str, person: Person, chance: random.Random) -> str:
    def swap(found: re.Match[str]) -> str:
        word = found[0]
        return chance.choice(_SHORT[word.lower()]) if chance.random() < person.teencode else word

    return _WORDS.sub(swap, text)


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(
        mark for mark in plain if not unicodedata.combining(mark) or mark in "\ufe0f\u20e3"
    )


def _stretch(text: str, chance: random.Random) -> str:
    places = list(_STRETCHABLE.finditer(text))
    if not places:
        return text
    at = chance.choice(places).end()
    return text[:at] + text[at - 1] * chance.randint(1, _STRETCH_AT_MOST) + text[at:]
