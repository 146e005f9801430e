"""What one person writes: an intent, a template, its slots, and the person's manners."""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from practice_network.audience.manners import typed
from practice_network.audience.people import Person
from practice_network.audience.personas import Persona
from practice_network.audience.wording import Features
from practice_network.text import fold

OFFER_BUYING = 2.2
OFFER_COMPLAINTS = 1.3
QUESTION_ANSWERS = 3.0
FRIENDS_TAGS = 3.0
APOLOGY_COMPLAINTS = 3.0
_NAMES_THE_THING = 0.75
_SLOT = re.compile(r"\{(\w+)\}")
_OWN_TEMPLATES = 2  # a template about this kind of account is this much likelier


@dataclass(frozen=True, slots=True)
class Corpus:
    """Templates by intent, and the words for their slots."""

    intents: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Remark:
    """What was written, and what it meant: the truth that an inbox can be judged by."""

    text: str
    intent: str
    language: str


@cache
def corpus(language: str, persona: str) -> Corpus:
    """Return the words of a language, with those of one kind of account on top."""
    raw = tomllib.loads(files(__package__).joinpath(f"corpus_{language}.toml").read_text("utf-8"))
    own = raw.get(persona, {})
    slots = {**raw["slots"], **own.get("slots", {})}
    intents = {
        intent: (*templates, *own.get("intents", {}).get(intent, ()) * _OWN_TEMPLATES)
        for intent, templates in raw["intents"].items()
    }
    return Corpus(intents, {name: tuple(words) for name, words in slots.items()})


def named_things(text: str, persona: Persona) -> tuple[str, ...]:
    """Return the things of the account that a post speaks about."""
    plain = fold(text)
    return tuple(thing for thing in persona.things if fold(thing) in plain)


def choose_intent(features: Features, persona: Persona, chance: random.Random) -> str:
    """Return what a comment under this post is about."""
    weights = dict(persona.intents)
    if features.is_offer:
        weights["buying"] *= OFFER_BUYING
        weights["complaint"] *= OFFER_COMPLAINTS
    weights["answer"] *= QUESTION_ANSWERS if features.is_question else 0.2
    if features.calls_friends:
        weights["tag"] *= FRIENDS_TAGS
    if features.is_apology:
        weights["complaint"] *= APOLOGY_COMPLAINTS
    [intent] = chance.choices(list(weights), list(weights.values()))
    return intent


def write(
    intent: str,
    *,
    person: Person,
    friends: tuple[Person, ...],
    persona: Persona,
    things: tuple[str, ...],
    chance: random.Random,
) -> Remark:
    """Return what `person` writes.

    friends: whom it may mention, two or more. things: what the post names; often the remark
    is about that.
    """
    words = corpus(person.language, persona.name)
    about = things if things and chance.random() < _NAMES_THE_THING else persona.things
    mentioned = iter(chance.sample(friends, len(friends)))

    def fill(found: re.Match[str]) -> str:
        match found[1]:
            case "thing":
                return chance.choice(about)
            case "thing_en":
                return chance.choice(persona.things_en)
            case "handle":
                return next(mentioned, friends[0]).handle
            case "friend":
                return next(mentioned, friends[0]).name.split()[-1]
            case name:
                return chance.choice(words.slots[name])

    text = _SLOT.sub(fill, chance.choice(words.intents[intent]))
    return Remark(typed(text, person, chance), intent, person.language)
