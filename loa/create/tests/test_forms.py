"""What a composer sends, read without trust."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from loa.content.rules.document import Attachment, Document, Part
from loa.create.forms import read


def sent(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.appendlist(name.replace("__", "."), value)
    return data


def test_a_whole_post_is_read() -> None:
    data = sent(
        post="7",
        revision="3",
        tab="ab12",
        title="Loaves",
        language="en",
        campaign="4",
        do="schedule",
        planned="2026-03-08T09:00",
        s__p0__caption="One",
        s__p2__caption="Two",
        s__p2__a3__asset="9",
        s__p2__a3__alt="A loaf",
        s__p2__a3__focus_x="0.5",
        s__p2__a3__focus_y="-1",
        s__comment="Menu",
        c12__p0__caption="Own",
    )
    data.setlist("channel", ["12", "13"])

    found = read(data)

    image = Attachment(9, alt_text="A loaf", focus=(0.5, -1.0))
    assert found.state.shared == Document((Part("One"), Part("Two", (image,))), "Menu")
    assert found.state.own == {12: Document((Part("Own"),)), 13: None}
    assert (found.post_id, found.base_revision, found.tab) == (7, 3, "ab12")
    assert (found.state.campaign_id, found.order) == (4, "schedule")


def test_the_own_text_of_a_channel_that_is_not_chosen_is_left_out() -> None:
    assert read(sent(c12__p0__caption="Own")).state.own == {}


def test_nonsense_is_left_out() -> None:
    found = read(
        sent(
            post="x",
            revision="-1",
            channel="9" * 30,
            campaign="1e3",
            language="xx",
            s__p0__a0__asset="nine",
            s__px__caption="?",
            s__p0__a1__asset="5",
            s__p0__a1__focus_x="NaN",
            s__p0__a1__focus_y="7",
        )
    )

    assert (found.post_id, found.base_revision, found.state.language) == (None, 0, "vi")
    assert found.state.own == {}
    assert found.state.shared.parts == (Part("", (Attachment(5),)),)


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=8))
def test_any_fields_are_read_without_an_error(fields: dict[str, str]) -> None:
    data = QueryDict(mutable=True)
    data.update(fields)

    read(data)
