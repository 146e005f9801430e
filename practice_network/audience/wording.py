"""What the audience notices about a post: its wording and its form. Pure."""

import math
import re
from dataclasses import dataclass

from practice_network.text import count_graphemes, fold, hashtags, is_pictograph, links

_QUESTION = re.compile(
    r"\?|\b(ban nghi sao|theo ban|ban chon|co ai|ai con nho|ban thich|which one|what do you)\b"
)
_OFFER = re.compile(
    r"\b(giam gia|giam \d+|khuyen mai|uu dai|mien phi|freeship|mua \d+ tang \d+|mua mot tang mot"
    r"|dong gia|sale|flash sale|voucher|tang kem|discount|free|off)\b|-?\d+ ?%"
)
_CALL_FRIENDS = re.compile(r"\b(tag|ru ban|ru ngay|goi ten|goi hoi|bring a friend|tag a friend)\b")
_APOLOGY = re.compile(r"\b(xin loi|thanh that|su co|sorry|apolog\w+)\b")
_USUAL_LENGTH = 140.0
_LENGTH_SPREAD = 1.3


@dataclass(frozen=True, slots=True)
class Features:
    """One post as the model sees it. length_chars counts graphemes."""

    length_chars: int
    is_question: bool
    is_offer: bool
    calls_friends: bool
    is_apology: bool
    has_link: bool
    emoji_count: int
    hashtag_count: int
    image_count: int
    language: str

    @property
    def form(self) -> str:
        """Return text, image or album."""
        if self.image_count == 0:
            return "text"
        return "image" if self.image_count == 1 else "album"

    @property
    def length_fit(self) -> float:
        """Return 1 for the usual length, less for much shorter or longer texts."""
        away = math.log(max(self.length_chars, 1) / _USUAL_LENGTH)
        return math.exp(-(away * away) / (2 * _LENGTH_SPREAD * _LENGTH_SPREAD))


def read_features(text: str, *, language: str, image_count: int) -> Features:
    """Return what the audience notices."""
    plain = fold(text)
    return Features(
        length_chars=count_graphemes(text),
        is_question=bool(_QUESTION.search(plain)),
        is_offer=bool(_OFFER.search(plain)),
        calls_friends=bool(_CALL_FRIENDS.search(plain)),
        is_apology=bool(_APOLOGY.search(plain)),
        has_link=bool(links(text)),
        emoji_count=sum(map(is_pictograph, text)),
        hashtag_count=len(hashtags(text)),
        image_count=image_count,
        language=language.split("-", maxsplit=1)[0].lower(),
    )
