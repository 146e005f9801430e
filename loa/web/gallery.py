"""Every component in every state, on one page; served only while LOA_DEBUG is on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _

from loa.connectors import registry
from loa.ops import clock
from loa.web import built, states
from loa.web.context import Shell
from loa.web.places import PLACES, PlaceShown

COUNTS = {"today": 4, "inbox": 27, "campaigns": 3}


@dataclass(frozen=True, slots=True)
class Choice:
    """A tab or a segment of the examples."""

    label: str
    url: str = "#"
    is_here: bool = False
    count: int | None = None
    icon: str = ""
    platform: str = ""
    mark: str = ""


class ExampleForm(forms.Form):
    """A form that was sent with mistakes."""

    name = forms.CharField(help_text="help")
    email = forms.EmailField()
    role = forms.ChoiceField(choices=[("editor", "editor")])
    agree = forms.BooleanField(required=False)
    loud = forms.BooleanField(required=False)
    days = forms.MultipleChoiceField(
        choices=[("mon", "T2"), ("tue", "T3"), ("wed", "T4")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def example_form() -> ExampleForm:
    """Return the form as a person sees it after a refusal; what was typed is kept."""
    form = ExampleForm({"name": "", "email": "ngan@", "role": "editor", "days": ["mon"]})
    form.fields["name"].help_text = _("As readers see it.")
    for field, label in {
        "name": _("Name"),
        "email": _("E-mail"),
        "role": _("Role"),
        "agree": _("I have read this"),
        "loud": _("Tell me by e-mail"),
        "days": _("Days"),
    }.items():
        form.fields[field].label = label
    return form


class GalleryShell(Shell):
    """The frame with every place there will be, whether its page exists or not."""

    note = "Sài Gòn · 6 kênh"
    live_url = go_url = ""
    compose_url = theme_url = language_url = person_url = workspaces_url = "#content"

    @property
    def places(self) -> tuple[PlaceShown, ...]:
        """Return all places; the first is where we are."""
        return tuple(
            PlaceShown(one, f"#{one.name}", is_here=one is PLACES[0], count=COUNTS.get(one.name))
            for one in PLACES
        )


def gallery(request: HttpRequest) -> HttpResponse:
    """Show the components. ?language= and ?theme= look at them another way."""
    request.workspace = SimpleNamespace(name="Cà phê Bến", slug="ca-phe-ben")  # type: ignore[attr-defined]
    request.member = SimpleNamespace(may=lambda _ability: True)  # type: ignore[attr-defined]
    request.user = SimpleNamespace(  # type: ignore[assignment]
        name="Ngân Trần",
        email="ngan@ben.example",
        is_authenticated=True,
        theme=request.GET.get("theme", ""),
    )
    language = request.GET.get("language", translation.get_language() or "vi")
    with translation.override(language):
        request.LANGUAGE_CODE = language
        return render(
            request, "gallery/gallery.html", {**_examples(), "shell": GalleryShell(request)}
        )


def error(request: HttpRequest, status: int) -> HttpResponse:
    """Show the page of an error."""
    with translation.override(request.GET.get("language", translation.get_language() or "vi")):
        return render(request, f"{status}.html")


def _examples() -> dict[str, object]:
    now = clock.now()
    platforms = list(registry.all_connectors())
    return {
        "states": list(states.STATES),
        "tones": ["stone", "jade", "lotus", "indigo", "amber", "lacquer", "quiet"],
        "icons": sorted(built.icon_names()),
        "platforms": platforms,
        "form": example_form(),
        "now": now,
        "minutes_ago": now - timedelta(minutes=12),
        "tomorrow": now + timedelta(days=1),
        "tabs": [
            Choice(_("Shared text"), is_here=True),
            *(Choice(registry.connector(name).label, platform=name) for name in platforms[:2]),
            Choice(_("Changed"), icon="compose", mark=_("differs from the shared text")),
        ],
        "segments": [
            Choice(_("Month")),
            Choice(_("Week"), is_here=True),
            Choice(_("List"), count=12),
        ],
        "roles": [("editor", _("Editor")), ("viewer", _("Viewer"))],
        "rules": {
            "max_chars": 500,
            "unit": "graphemes",
            "max_bytes": None,
            "link_cost": 23,
            "mention_counts_local_part": True,
        },
        "points": _points(now),
        "pages": SimpleNamespace(
            paginator=SimpleNamespace(num_pages=4, count=187),
            start_index=51,
            end_index=100,
            has_previous=True,
            has_next=True,
            previous_page_number=1,
            next_page_number=3,
        ),
    }


def _points(now: datetime) -> list[dict[str, object]]:
    values = [42, 51, 48, None, 66, 58, 71, 90, 84, 77, 102, 118, 96, 131]
    return [
        {"label": f"{now - timedelta(days=len(values) - i):%-d/%-m}", "value": value}
        for i, value in enumerate(values)
    ]


urlpatterns = [
    path("", gallery, name="gallery"),
    path("error/<int:status>/", error, name="gallery-error"),
]
