"""Links of what goes out: marked or counted, the same however often a claim is repeated."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from loa.channels.models import Channel
from loa.content.actions import links as actions
from loa.content.actions.campaigns import add_campaign
from loa.content.actions.links import NewRule, keep_links, set_link_rule
from loa.content.models import Link
from loa.content.queries import fingerprint_of
from loa.content.queries.links import Stand, code_of
from loa.content.rules.outgoing import GoingLink
from loa.ops import clock, fence
from loa.publish.actions import schedule_post
from loa.publish.dispatcher.claims import claim_due
from loa.publish.models import Delivery
from practice_network.testing import Running
from tests.publish.scene import HURRIED, Scene, a_scene, again, work_off
from tests.races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.faults]

TEXT = "Thực đơn: https://tiem.example/menu#trua nhé"
COUNTING = NewRule(marks=True, tracks=True, domain="go.tiem.example")


@pytest.fixture
def scene(practice: Running) -> Iterator[Scene]:
    made = a_scene(practice)
    with fence.inside(made.workspace.pk):
        yield made


def rule(scene: Scene, wanted: NewRule) -> None:
    set_link_rule(scene.ana, wanted=wanted)


def test_links_go_out_as_they_are_written_without_a_rule(scene: Scene) -> None:
    scene.scheduled(scene.channel(), text=TEXT)

    work_off()

    assert scene.ledger() == [TEXT]
    assert not Link.objects.exists()


def test_marked_links_name_platform_and_campaign(scene: Scene) -> None:
    rule(scene, NewRule(marks=True))
    channel = scene.channel()
    post = scene.post(channel, text=TEXT)
    post.campaign = add_campaign("Tết 2027", workspace=scene.workspace)
    post.save()
    before = fingerprint_of(post)
    schedule_post(post, by=scene.ana)

    work_off()

    [said] = scene.ledger()
    assert "menu?utm_source=sandbox&utm_medium=social&utm_campaign=tet-2027#trua nhé" in said
    assert fingerprint_of(post) == before


def test_a_counted_link_goes_out_and_leads_to_the_marked_page(scene: Scene) -> None:
    rule(scene, COUNTING)
    [delivery] = scene.scheduled(scene.channel(), text=TEXT, first_comment="https://tiem.example/")

    work_off()
    work_off()

    said, comment = scene.ledger()
    first, second = Link.objects.order_by("part")[::-1]
    assert said == f"Thực đơn: http://go.tiem.example/{first.code} nhé"
    assert comment == f"http://go.tiem.example/{second.code}"
    assert first.target == ("https://tiem.example/menu?utm_source=sandbox&utm_medium=social#trua")
    assert (first.post_id, first.channel_id, first.part) == (
        delivery.post_id,
        delivery.channel_id,
        0,
    )


def test_a_repeated_claim_makes_no_second_link_and_sends_the_same_words(scene: Scene) -> None:
    rule(scene, COUNTING)
    [delivery] = scene.scheduled(scene.channel(), text=TEXT)
    [work] = claim_due(now=clock.now(), worker=1, pace=HURRIED).work
    frozen = again(delivery).outgoing
    # Its worker dies before anything is sent, and a person changes the rule meanwhile.
    Delivery.all_work.filter(pk=delivery.pk).update(state="due", worker=None, lease_until=None)
    rule(scene, replace(COUNTING, domain="elsewhere.example"))

    work_off()

    assert scene.ledger() == [work.frozen.document.parts[0].caption]
    assert again(delivery).outgoing == frozen
    assert Link.objects.count() == 1


def test_what_was_cancelled_and_scheduled_again_has_the_same_code(scene: Scene) -> None:
    rule(scene, COUNTING)
    [delivery] = scene.scheduled(scene.channel(), text=TEXT)
    claim_due(now=clock.now(), worker=1, pace=HURRIED)
    before = Link.objects.get().code
    Delivery.all_work.filter(pk=delivery.pk).update(
        state="due", worker=None, lease_until=None, outgoing=None
    )

    work_off()

    assert Link.objects.get().code == before
    assert before in scene.ledger()[0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_keep_the_same_links_make_each_once(practice: Running) -> None:
    scene = a_scene(practice)
    channel = scene.channel()
    with fence.inside(scene.workspace.pk):
        post = scene.post(channel, text=TEXT)
    wanted = [(stand(scene, channel, post.pk), link(scene, channel, post.pk, n)) for n in range(40)]

    def keep(order: int) -> object:
        with fence.everywhere("freeze in a test"):
            return keep_links([(at, one, None) for at, one in wanted[::order]], now=clock.now())

    outcomes = at_once(lambda: keep(1), lambda: keep(-1), lambda: keep(1))

    assert outcomes == [{}, {}, {}]
    with fence.inside(scene.workspace.pk):
        assert Link.objects.count() == 40


def test_a_code_that_another_link_has_is_chosen_anew(scene: Scene) -> None:
    channel = scene.channel()
    at = stand(scene, channel, scene.post(channel).pk)
    own = link(scene, channel, at.post_id or 0, 1)
    Link.objects.create(
        workspace=scene.workspace,
        code=own.code,
        target="https://another.example/",
        made_at=clock.now(),
    )

    anew = keep_links([(at, own, None)], now=clock.now())

    [code] = anew.values()
    assert code == code_of(at, turn=1)(own.part, own.target)
    assert Link.objects.get(code=code).target == own.target
    assert keep_links([(at, own, None)], now=clock.now()) == anew


def test_a_domain_belongs_to_one_workspace(scene: Scene, practice: Running) -> None:
    rule(scene, COUNTING)
    other = a_scene(practice)

    with fence.inside(other.workspace.pk), pytest.raises(actions.DomainTaken):
        set_link_rule(other.ana, wanted=COUNTING)


def stand(scene: Scene, channel: Channel, post_id: int) -> Stand:
    return Stand(
        workspace_id=scene.workspace.pk,
        channel_id=channel.pk,
        platform=channel.platform,
        handle=channel.handle,
        post_id=post_id,
    )


def link(scene: Scene, channel: Channel, post_id: int, number: int) -> GoingLink:
    target = f"https://tiem.example/{number}"
    code = code_of(stand(scene, channel, post_id))(0, target)
    return GoingLink(0, target, target, f"http://go.tiem.example/{code}", code)
