"""Make people, and change what they say about themselves."""

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from loa.kernel.errors import LoaError
from loa.kernel.text import normalise
from loa.ops import clock
from loa.workspace.models import User

THEMES = ("", "light", "dark")


class EmailTaken(LoaError):
    """Somebody signs in with this address already."""


class UnknownLanguage(LoaError):
    """Loa does not speak this language."""


class UnknownTheme(LoaError):
    """There is no such theme."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What a person says about themselves when they sign up. password: None for none yet."""

    email: str
    name: str
    password: str | None = field(default=None, repr=False)
    language: str = "vi"


def create_person(person: NewPerson) -> User:
    """Make a person who can sign in.

    Raises EmailTaken, UnknownLanguage, and Django's ValidationError for a weak password.
    """
    check_language(person.language)
    email = normalise(person.email).strip().lower()
    name = normalise(person.name).strip()
    if person.password is not None:
        validate_password(person.password, User(email=email, name=name))
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email=email,
                password=person.password,
                name=name,
                language=person.language,
                joined_at=clock.now(),
            )
    except IntegrityError as error:
        raise EmailTaken(email) from error


def change_person(
    user: User, *, name: str | None = None, language: str | None = None, theme: str | None = None
) -> None:
    """Keep what is given: a name, a language, a theme ("" follows the device).

    Raises UnknownLanguage, UnknownTheme.
    """
    changed = []
    if name is not None:
        user.name = normalise(name).strip()
        changed.append("name")
    if language is not None:
        check_language(language)
        user.language = language
        changed.append("language")
    if theme is not None:
        if theme not in THEMES:
            raise UnknownTheme(theme)
        user.theme = theme
        changed.append("theme")
    user.save(update_fields=changed)


def check_language(code: str) -> None:
    """Raise UnknownLanguage unless the interface speaks `code`."""
    if code not in dict(settings.LANGUAGES):
        raise UnknownLanguage(code)
