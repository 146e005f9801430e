"""How many people a post reaches, and how many of them do something. Pure.

Every constant here is documented in docs/reference/practice-audience.md; a test compares them.
"""

import random
from dataclasses import dataclass

from practice_network.audience.chance import lognormal, poisson
from practice_network.audience.personas import Persona
from practice_network.audience.wording import Features

LINK_REACH = 0.72
FEW_HASHTAGS_REACH = 1.06
MANY_HASHTAGS_REACH = 0.86
FATIGUE_REACH = 0.88
PART_REACH = 0.55
ANSWER_REACH = 0.03
REACH_NOISE = 0.35
COMFORTABLE_SIZE = 1000
SIZE_EXPONENT = 0.12
MOST_OF_FOLLOWERS = 0.95
STRANGERS_PER_REPOST = 24.0
SOME_EMOJI_LIKES = 1.10
MANY_EMOJI_LIKES = 0.88
OFFER_LIKES = 0.95
OFFER_CLICKS = 1.6
OFFER_REPOSTS = 1.3
OFFER_COMMENTS = 1.5
QUESTION_COMMENTS = 1.8
FRIENDS_COMMENTS = 1.7
PART_COMMENTS = 0.5
FEW = 3
MANY_HASHTAGS = 5
MANY_EMOJI = 6


@dataclass(frozen=True, slots=True)
class Setting:
    """The circumstances of one post.

    followers: at that moment. recent_posts: by the same account in the 24 hours before.
    timing: the strength of its viewing curve. depth: 0 for a post of its own, 1 and more for
    the parts of a thread below it. is_answer: it answers somebody else.
    """

    followers: int
    recent_posts: int
    timing: float
    depth: int = 0
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """What a post will have got when its two weeks are over."""

    reach: int
    impressions: int
    likes: int
    comments: int
    reposts: int
    link_clicks: int
    follows: int


def reach_factor(features: Features, persona: Persona) -> float:
    """Return how wording and form multiply the reach of an average text."""
    factor = persona.formats[features.form] * (0.75 + 0.25 * features.length_fit)
    factor *= persona.reads.get(features.language, min(persona.reads.values()))
    if features.has_link:
        factor *= LINK_REACH
    if 0 < features.hashtag_count <= FEW:
        factor *= FEW_HASHTAGS_REACH
    elif features.hashtag_count > MANY_HASHTAGS:
        factor *= MANY_HASHTAGS_REACH
    return factor


def like_factor(features: Features) -> float:
    """Return how wording multiplies the rate of likes."""
    factor = OFFER_LIKES if features.is_offer else 1.0
    if 0 < features.emoji_count <= FEW:
        factor *= SOME_EMOJI_LIKES
    elif features.emoji_count > MANY_EMOJI:
        factor *= MANY_EMOJI_LIKES
    return factor


def comment_factor(features: Features) -> float:
    """Return how wording multiplies the rate of comments."""
    factor = QUESTION_COMMENTS if features.is_question else 1.0
    if features.is_offer:
        factor *= OFFER_COMMENTS
    if features.calls_friends:
        factor *= FRIENDS_COMMENTS
    return factor


def expected_reach(features: Features, persona: Persona, setting: Setting) -> float:
    """Return the mean number of followers who see a post; noise and strangers come on top."""
    size = max(setting.followers, COMFORTABLE_SIZE) / COMFORTABLE_SIZE
    ratio = persona.reach_ratio * size**-SIZE_EXPONENT
    shown: float = setting.followers * ratio * setting.timing
    shown *= reach_factor(features, persona)
    shown *= FATIGUE_REACH**setting.recent_posts * PART_REACH**setting.depth
    if setting.is_answer:
        shown *= ANSWER_REACH
    return min(shown, setting.followers * MOST_OF_FOLLOWERS)


def draw_totals(
    features: Features, persona: Persona, setting: Setting, chance: random.Random
) -> Totals:
    """Draw what one post gets in the end."""
    followers_reached = min(
        expected_reach(features, persona, setting) * lognormal(chance, REACH_NOISE),
        setting.followers * MOST_OF_FOLLOWERS,
    )
    offer = features.is_offer
    reposts = poisson(
        chance, followers_reached * persona.repost_rate * (OFFER_REPOSTS if offer else 1.0)
    )
    strangers = followers_reached * persona.stranger_share
    strangers += sum(
        STRANGERS_PER_REPOST * lognormal(chance, 1.0) for _ in range(min(reposts, 500))
    )
    reach = round(followers_reached + strangers)
    comments = persona.comment_rate * comment_factor(features)
    if setting.depth or setting.is_answer:
        comments *= PART_COMMENTS
    clicks = persona.click_rate * (OFFER_CLICKS if offer else 1.0) if features.has_link else 0.0
    return Totals(
        reach=reach,
        impressions=max(reach, round(reach * persona.views_per_person * lognormal(chance, 0.08))),
        likes=min(poisson(chance, reach * persona.like_rate * like_factor(features)), reach),
        comments=min(poisson(chance, reach * comments), reach),
        reposts=min(reposts, reach),
        link_clicks=min(poisson(chance, reach * clicks), reach),
        follows=poisson(chance, strangers * persona.follow_rate),
    )
