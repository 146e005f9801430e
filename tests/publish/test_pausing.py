"""A pause holds everything back that is not yet written, and letting go is no burst."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from loa.channels.models import Channel
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.models import Delivery
from loa.publish.rules.lifecycle import DeliveryState as S
from loa.workspace.models import AuditEntry, Workspace
from loa.workspace.rules.permissions import Role
from practice_network.testing import Running
from tests import cast
from tests.publish.scene import Scene, a_scene, again, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

MINUTE = timedelta(minutes=1)
SWITCHES = ["all", "channel"]


@pytest.fixture
def scene(practice: Running) -> Scene:
    return a_scene(practice)


def pause(scene: Scene, channel: Channel, switch: str) -> None:
    with fence.inside(scene.workspace.pk):
        if switch == "all":
            actions.pause_all(scene.workspace, by=scene.ana)
        else:
            actions.pause_channel(channel, by=scene.ana)


def resume(scene: Scene, channel: Channel, switch: str) -> None:
    with fence.inside(scene.workspace.pk):
        if switch == "all":
            actions.resume_all(scene.workspace, by=scene.ana)
        else:
            actions.resume_channel(channel, by=scene.ana)


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_pause_holds_a_first_comment_back(scene: Scene, switch: str) -> None:
    channel = scene.channel()
    scene.practice.client.add_fault(
        "rate_limit", operation="create_post", skip=1, count=1, retry_after_s=5
    )
    [delivery] = scene.scheduled(channel, first_comment="Đặt ở đây nhé")
    work_off()
    assert len(scene.ledger()) == 1
    pause(scene, channel, switch)

    work_off(at=clock.now() + 3 * MINUTE)
    held = len(scene.ledger())
    with clock.at(clock.now() + 3 * MINUTE):
        resume(scene, channel, switch)
    work_off(at=clock.now() + 3 * MINUTE)

    assert held == 1
    assert scene.ledger() == ["Bánh mì nóng đây!", "Đặt ở đây nhé"]
    with fence.inside(scene.workspace.pk):
        assert Delivery.all_work.get(after=delivery).state == S.DELIVERED


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_pause_holds_a_retry_back(scene: Scene, switch: str) -> None:
    channel = scene.channel()
    scene.practice.client.add_fault("rate_limit", operation="create_post", retry_after_s=5, count=1)
    [delivery] = scene.scheduled(channel)
    work_off()
    waiting = again(delivery)
    pause(scene, channel, switch)

    work_off(at=clock.now() + 3 * MINUTE)
    held = len(scene.ledger())
    resume(scene, channel, switch)
    work_off(at=clock.now() + 3 * MINUTE)

    assert (waiting.state, held) == (S.DUE, 0)
    assert again(delivery).state == S.DELIVERED
    assert len(scene.ledger()) == 1


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("tries", [0, 1])
def test_what_waited_for_a_pause_goes_out_apart_with_its_comments(
    scene: Scene, switch: str, tries: int
) -> None:
    channel = scene.channel()
    now = clock.now()
    for number in range(3):
        scene.scheduled(
            channel,
            text=f"bài {number}",
            first_comment=f"lời {number}",
            due_at=now + number * MINUTE,
        )
    with fence.inside(scene.workspace.pk):
        Delivery.objects.update(tries=tries)
    pause(scene, channel, switch)
    work_off(at=now + 20 * MINUTE)
    assert scene.ledger() == []
    resume(scene, channel, switch)

    seen = []
    for passed in range(20, 26):
        work_off(at=now + passed * MINUTE)
        seen.append(len([one for one in scene.ledger() if one.startswith("bài")]))

    assert seen == [1, 2, 3, 3, 3, 3]
    assert scene.ledger().index("lời 0") < scene.ledger().index("bài 2")
    assert len(scene.ledger()) == 6


@pytest.fixture
def bakery() -> Workspace:
    return cast.a_workspace()


def said(name: str, *arguments: str) -> str:
    out = cast.silence()
    call_command(name, *arguments, stdout=out, stderr=cast.silence())
    return out.getvalue()


def audit(workspace: Workspace) -> list[tuple[str, int | None]]:
    with fence.inside(workspace.pk):
        entries = AuditEntry.objects.filter(action__regex="(paused|resumed)$").order_by("number")
        return list(entries.values_list("action", "member_id"))


def test_a_channel_is_paused_and_resumed_by_a_command_in_a_members_name(bakery: Workspace) -> None:
    channel = cast.a_channel(bakery, handle="banhmi")
    manager = cast.a_member(bakery, Role.MANAGER)

    printed = said(
        "pause_channel", "@BanhMi", "--workspace", bakery.slug, "--member", manager.user.email
    )
    with fence.inside(bakery.pk):
        channel.refresh_from_db()
    assert channel.paused_by_id == manager.pk
    assert printed == f"{channel.pk}\tsandbox:banhmi\n"

    said("resume_channel", "sandbox:banhmi", "--workspace", bakery.slug)
    with fence.inside(bakery.pk):
        channel.refresh_from_db()
    assert channel.paused_at is None
    owner = cast.the_owner(bakery)
    assert audit(bakery) == [("channel.paused", manager.pk), ("channel.resumed", owner.pk)]


def test_a_channel_of_another_workspace_or_of_two_is_not_guessed(bakery: Workspace) -> None:
    elsewhere = cast.omar().workspace
    there = cast.a_channel(elsewhere, handle="caphe")
    twins = [
        cast.a_channel(bakery, handle="banhmi", base_url=f"http://{host}.example")
        for host in ("mot", "hai")
    ]

    for name in ("caphe", str(there.pk)):
        with pytest.raises(CommandError, match="No channel is called"):
            said("pause_channel", name, "--workspace", bakery.slug)
    with pytest.raises(CommandError, match="Several channels") as refused:
        said("pause_channel", "banhmi", "--workspace", bakery.slug)
    said("pause_channel", str(twins[1].pk), "--workspace", bakery.slug)

    assert all(str(one.pk) in str(refused.value) for one in twins)
    with fence.everywhere("look at channels in a test"):
        paused = Channel.objects.exclude(paused_at=None).get()
    assert paused == twins[1]


def test_who_may_not_pause_may_not_by_a_command_either(bakery: Workspace) -> None:
    channel = cast.a_channel(bakery, handle="banhmi")
    editor = cast.ben(bakery)
    arguments = ["banhmi", "--workspace", bakery.slug, "--member", editor.user.email]

    with pytest.raises(CommandError, match="may not do that"):
        said("pause_channel", *arguments)
    with fence.inside(bakery.pk):
        for act in (actions.pause_channel, actions.resume_channel):
            with pytest.raises(actions.MayNotPause):
                act(channel, by=editor)
        for act_on_all in (actions.pause_all, actions.resume_all):
            with pytest.raises(actions.MayNotPause):
                act_on_all(bakery, by=editor)
        channel.refresh_from_db()

    assert channel.paused_at is None


def test_workspaces_are_resumed_by_name_alone_unless_all_are_meant(bakery: Workspace) -> None:
    other = cast.omar().workspace
    assert said("pause_sending").split() == [bakery.slug, other.slug]

    with pytest.raises(CommandError, match="--all"):
        said("resume_sending")
    with pytest.raises(CommandError, match="There is no workspace called nowhere"):
        said("resume_sending", "nowhere")
    assert said("resume_sending", bakery.slug, "--dry-run") == f"{bakery.slug}\n"
    assert cast.read_again(bakery).sending_paused_at is not None
    assert said("resume_sending", bakery.slug) == f"{bakery.slug}\n"
    assert cast.read_again(bakery).sending_paused_at is None
    assert cast.read_again(other).sending_paused_at is not None
    assert said("resume_sending", "--all") == f"{other.slug}\n"
    owner = cast.the_owner(bakery)
    assert audit(bakery) == [("sending.paused", owner.pk), ("sending.resumed", owner.pk)]


def test_one_workspace_without_an_owner_does_not_keep_the_others_sending(bakery: Workspace) -> None:
    other = cast.omar().workspace
    with fence.inside(bakery.pk):
        cast.the_owner(bakery)
        bakery.members.update(left_at=clock.now())

    with pytest.raises(CommandError, match="Nobody called owner"):
        said("pause_sending")

    assert cast.read_again(other).sending_paused_at is not None
