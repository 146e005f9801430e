"""Pages of campaigns and of the rule for links, as members use them."""

import pytest
from django.urls import reverse

from loa.content.actions.campaigns import add_campaign
from loa.content.models import Campaign, LinkRule
from loa.content.queries.links import going_rule
from loa.ops import fence
from loa.workspace.models import AuditEntry, Workspace
from loa.workspace.rules.permissions import Role
from tests.cast import a_channel, a_member, a_post, a_workspace, ana, signed_in

pytestmark = pytest.mark.django_db
RULE = {"marks": "on", "source": "{platform}", "medium": "social", "campaign": "{campaign}"}


@pytest.fixture
def bakery() -> Workspace:
    return a_workspace()


def url(bakery: Workspace, name: str, *more: object) -> str:
    return reverse(f"content:{name}", args=[bakery.slug, *more])


def test_a_campaign_is_added_changed_archived_and_brought_back(bakery: Workspace) -> None:
    browser = signed_in(ana(bakery))

    browser.post(url(bakery, "add-campaign"), {"name": " Tết 2027 ", "colour": "lacquer"})
    with fence.inside(bakery.pk):
        campaign = Campaign.objects.get()
        a_post(bakery, campaign=campaign, channels=(a_channel(bakery),))
    change = {"name": "Tết", "colour": "lotus", "utm_name": "Tết Ất Mùi"}
    browser.post(url(bakery, "change-campaign", campaign.pk), change)
    page = browser.get(url(bakery, "campaign", campaign.pk)).content.decode()
    browser.post(url(bakery, "archive-campaign", campaign.pk))
    archived = browser.get(url(bakery, "campaigns") + "?state=archived").content.decode()
    in_use = browser.get(url(bakery, "campaigns")).content.decode()
    browser.post(url(bakery, "restore-campaign", campaign.pk))

    assert "utm_campaign=tet-at-mui" in page
    assert "Loaves" in page
    assert "Tết" in archived
    assert "Tết" not in in_use.partition("new-campaign")[0].partition("page-body")[2]
    with fence.inside(bakery.pk):
        now = Campaign.objects.get()
    assert (now.name, now.colour, now.archived_at) == ("Tết", "lotus", None)


def test_two_campaigns_do_not_share_a_name_and_nothing_typed_is_lost(bakery: Workspace) -> None:
    browser = signed_in(ana(bakery))
    typed = {"name": "Tết", "colour": "amber", "utm_name": "xuan"}
    with fence.inside(bakery.pk):
        add_campaign("Tết", workspace=bakery)

    again = browser.post(url(bakery, "add-campaign"), typed)
    nameless = browser.post(url(bakery, "add-campaign"), {**typed, "name": "!!!"})

    assert again.status_code == 409
    assert 'value="xuan"' in again.content.decode()
    assert nameless.status_code == 422


def test_an_approver_sees_campaigns_and_changes_none(bakery: Workspace) -> None:
    browser = signed_in(a_member(bakery, Role.APPROVER, name="Chloe Martin"))

    page = browser.get(url(bakery, "campaigns")).content.decode()

    assert "new-campaign" not in page
    assert browser.post(url(bakery, "add-campaign"), {"name": "Tết"}).status_code == 403


def test_the_rule_for_links_is_kept_and_written_down(bakery: Workspace) -> None:
    browser = signed_in(ana(bakery))
    typed = RULE | {
        "tracks": "on",
        "domain": "https://Go.TiệmBánh.vn/",
        "only_hosts": "https://tiem.vn/menu, shop.vn\ntiem.vn",
    }

    answer = browser.post(url(bakery, "link-rule"), typed, follow=True)

    with fence.inside(bakery.pk):
        rule = LinkRule.objects.get()
        entry = AuditEntry.objects.get(action="links.rule_set")
    assert rule.domain == "go.tiệmbánh.vn".encode("idna").decode()
    assert rule.only_hosts.split() == ["tiem.vn", "shop.vn"]
    assert (rule.marks, rule.tracks, rule.overwrites) == (True, True, False)
    assert entry.detail["tracks"] is True
    assert rule.domain in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "{brand}"},
        {"source": ""},
        {"domain": "testserver"},
        {"domain": "go.tiem.vn:8080"},
        {"domain": "-x.vn"},
        {"domain": "javascript:alert(1)"},
        {"only_hosts": "not a site"},
        {"only_hosts": "x" * 9000},
    ],
)
def test_what_cannot_be_a_rule_is_refused_and_kept_on_the_page(
    bakery: Workspace, wrong: dict[str, str]
) -> None:
    answer = signed_in(ana(bakery)).post(
        url(bakery, "link-rule"), RULE | {"content": "abc"} | wrong
    )

    assert answer.status_code == 422
    assert 'value="abc"' in answer.content.decode()
    with fence.inside(bakery.pk):
        assert not LinkRule.objects.exists()


def test_a_channel_has_a_source_of_its_own(bakery: Workspace) -> None:
    north, south = a_channel(bakery, name="North"), a_channel(bakery, name="South")
    browser = signed_in(ana(bakery))
    typed = RULE | {f"source_{north.pk}": "facebook", f"medium_{south.pk}": "{brand}"}

    refused = browser.post(url(bakery, "link-rule"), typed)
    browser.post(url(bakery, "link-rule"), typed | {f"medium_{south.pk}": ""})
    page = browser.get(url(bakery, "link-rule")).content.decode()

    with fence.inside(bakery.pk):
        rule = going_rule(LinkRule.objects.get())
    assert refused.status_code == 422
    assert {key: (own.source, own.medium) for key, own in rule.own.items()} == {
        north.pk: ("facebook", "social")
    }
    assert 'value="facebook"' in page
