"""What templates may write without loading anything."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

from loa.web import states
from loa.web.templatetags.loa import initials


def render(text: str, **values: object) -> str:
    return Template(text).render(Context(values)).strip()


def test_an_unknown_icon_is_a_mistake_not_a_blank() -> None:
    with pytest.raises(TemplateSyntaxError, match="no icon 'calender'"):
        render('{% icon "calender" %}')


def test_an_icon_alone_says_what_it_means() -> None:
    assert 'aria-label="Delete"' in render('{% icon "delete" label="Delete" %}')
    assert 'aria-hidden="true"' in render('{% icon "delete" %}')


def test_a_block_is_rendered_once_and_shown_twice() -> None:
    shown = render("{% keep name %} Loaves {% endkeep %}{{ name }}/{{ name }}")

    assert shown == "Loaves/Loaves"


def test_what_is_kept_stays_escaped() -> None:
    assert render("{% keep n %}{{ x }}{% endkeep %}{{ n }}", x="<b>") == "&lt;b&gt;"


def test_a_component_wraps_content_and_sees_only_what_it_is_given() -> None:
    shown = render('{% wrap "card" title="Loaves" %}<i>{{ x }}</i>{% endwrap %}', x="&", icon="no")

    assert "Loaves" in shown
    assert "<i>&amp;</i>" in shown


def test_wrap_wants_names_for_its_values() -> None:
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        render('{% wrap "card" "Loaves" %}{% endwrap %}')


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Hoàng Minh", "HM"), ("thuylinh.cf", "T"), ("Nguyễn Thị Bảo Phạm", "NP"), ("★", "?")],
)
def test_initials_are_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize("state", states.STATES)
def test_a_state_is_told_by_an_icon_and_a_word_too(state: str) -> None:
    shown = render('{% include "components/chip.html" with state=state only %}', state=state)

    assert "<svg" in shown
    assert str(states.shown(state).label) in shown


def test_a_state_nobody_described_is_noticed() -> None:
    with pytest.raises(LookupError, match="flying"):
        states.shown("flying")


def test_outside_text_in_a_component_stays_text() -> None:
    shown = render(
        '{% include "components/row.html" with title=title note=title url="#" only %}',
        title="<script>go()</script>",
    )

    assert "<script" not in shown
