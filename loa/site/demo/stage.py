"""Play the story's scenes with nothing but Loa's own actions and its own machinery."""

import io
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any

from loa.channels.actions import check_channel, connect_with_form
from loa.channels.models import Channel
from loa.content.actions.campaigns import add_campaign
from loa.content.models import Campaign, Post
from loa.content.queries import fingerprint_of, state_of
from loa.content.rules.document import Attachment, Document, Part
from loa.content.rules.planned_time import planned
from loa.content.rules.revisions import PostState
from loa.create import actions as create
from loa.library.actions import keep_upload
from loa.library.models import Asset
from loa.measure import actions as measure
from loa.ops import clock
from loa.plan import actions as plan
from loa.publish import actions as publish
from loa.publish.dispatcher import Worker
from loa.site.demo import keeping
from loa.site.demo.cast import Cast
from loa.site.demo.pictures import draw
from loa.site.demo.rehearsal import Rehearsal
from loa.site.demo.story import WEEKDAYS, Act, Ends, Scene, Story, Telling

# Long after the wait between two looks at what may be live.
DOUBT_SETTLES = timedelta(minutes=5)


@dataclass(slots=True)
class Stage:
    """The café while its story is played. Everything is found by its name in the story."""

    story: Story
    rehearsal: Rehearsal
    cast: Cast
    channels: dict[str, Channel] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    clicked: dict[int, int] = field(default_factory=dict)
    worker: Worker = field(default_factory=Worker)

    def open(self) -> None:
        """Connect the channels, say when they speak, and name the campaigns."""
        for one in self.story.channels:
            self.channels[one["id"]] = self._connected(one)
        for one in self.story.campaigns:
            self.campaigns[one["id"]] = add_campaign(
                one["name"], workspace=self.cast.workspace, colour=one["colour"]
            )
        keeping.count_links(self)

    def play(self, scene: Scene) -> None:
        """Let one scene happen, now."""
        match scene.act:
            case Act.PAUSE | Act.RESUME if scene.pause:
                self._pause(scene)
            case Act.LOOK:
                self._live_on()
                measure.take_due_readings()
            case Act.EVENING:
                self._live_on()
                self._take_readings()
                keeping.let_click(self)
            case Act.KEEP:
                keeping.let_repeat(self)
            case _ if scene.post:
                self._go_on(scene, scene.post)

    def close(self) -> None:
        """Come back to the present: look at every channel as it is now."""
        self.rehearsal.live_now()
        for channel in self.channels.values():
            check_channel(channel)
        self._take_readings()
        keeping.read_feeds(self)

    def _take_readings(self) -> None:
        measure.take_due_readings()
        measure.take_channel_readings()

    def _live_on(self) -> None:
        self.rehearsal.live_at(clock.now())

    # --- channels -------------------------------------------------------------------------

    def _connected(self, told: Any) -> Channel:
        account = {name: told[name] for name in ("handle", "name", "bio", "followers")}
        account |= {"idempotency": told["idempotency"], "language": "vi", "persona": "cafe"}
        account["kind"] = told.get("kind", "words")
        typed = self.rehearsal.open_account(account)
        owner = self.cast.owner
        channel = connect_with_form(
            self.cast.workspace, platform=self.rehearsal.platform.name, values=typed, by=owner
        )
        plan.set_slots(channel, slots=[_slot(one) for one in told["slots"]])
        plan.set_pacing(
            channel, min_gap_minutes=told["min_gap_minutes"], daily_cap=told["daily_cap"]
        )
        return channel

    def _pause(self, scene: Scene) -> None:
        told = scene.pause or {}
        channel, member = self.channels[told["channel"]], self.cast.members[told["by"]]
        if scene.act is Act.PAUSE:
            publish.pause_channel(channel, by=member)
        else:
            publish.resume_channel(channel, by=member)
            self._live_on()
            self.worker.work_off()

    # --- posts ----------------------------------------------------------------------------

    def _go_on(self, scene: Scene, told: Telling) -> None:
        post = self.posts.get(told.title)
        if scene.act is Act.WRITE:
            self._write(told, scene)
        elif post is None:
            raise ValueError(f"{told.title} was not written yet")
        elif scene.act is Act.SEND:
            self._send(told)
        elif scene.act is Act.NOTE:
            for name, words in told.notes:
                create.add_note(post, words=words, by=self.cast.members[name])
        else:
            self._review(post, told, scene.act)

    def _write(self, told: Telling, scene: Scene) -> None:
        author = self.cast.members[told.by]
        campaign = self.campaigns.get(told.campaign)
        texts = (told.first_words,) if told.first_words else told.texts
        state = PostState(
            title=told.title,
            language=told.language,
            campaign_id=campaign.pk if campaign else None,
            shared=self._document(told, texts),
            own={self.channels[one].pk: self._own(told, one) for one in told.on},
        )
        post = create.create_post(author, state=state)
        if scene.planned is not None:
            at = planned(scene.planned, self.cast.workspace.time_zone)
            create.plan_post(post, at=at, by=author)
        self.posts[told.title] = post

    def _review(self, post: Post, told: Telling, act: Act) -> None:
        author, approver = self.cast.members[told.by], self.cast.members[told.agreed_by]
        post.refresh_from_db()
        if act is Act.EDIT:
            shared = self._document(told, told.texts)
            create.save_post(
                post,
                base_revision=post.revision,
                state=replace(state_of(post), shared=shared),
                by=self.cast.members[told.edited_by],
            )
        elif act is Act.ASK:
            wants_sending = told.ends is not Ends.APPROVED
            create.request_review(post, by=author, wants_sending=wants_sending)
        elif act is Act.AGREE:
            create.approve(post, fingerprint=fingerprint_of(post), by=approver)
        elif act is Act.WISH:
            print_ = fingerprint_of(post)
            create.ask_changes(post, fingerprint=print_, words=told.wish, by=approver)
        elif act is Act.QUEUE:
            plan.add_to_queue(post, by=author)

    def _send(self, told: Telling) -> None:
        """Let the network and the dispatcher live in the minute in which it is due."""
        self._live_on()
        if told.fault:
            for channel in told.on:
                handle = self.channels[channel].handle
                self.rehearsal.misbehave({**told.fault, "account": handle})
        self.worker.work_off()
        measure.plan_new_readings()
        if told.fault:
            with clock.ahead(DOUBT_SETTLES):
                self.worker.work_off()

    def _document(self, told: Telling, texts: Any) -> Document:
        parts = [Part(text.strip()) for text in texts]
        parts[0] = replace(parts[0], attachments=self._attachments(told))
        return Document(tuple(parts), first_comment=told.comment)

    def _own(self, told: Telling, channel: str) -> Document | None:
        text = told.own.get(channel)
        return self._document(told, (text,)) if text else None

    def _attachments(self, told: Telling) -> tuple[Attachment, ...]:
        return tuple(Attachment(self._asset(one, told).pk) for one in told.pictures)

    def _asset(self, name: str, told: Telling) -> Asset:
        if name not in self.assets:
            picture = self.story.pictures[name]
            self.assets[name] = keep_upload(
                io.BytesIO(draw(picture["draws"], **picture.get("with", {}))),
                filename=f"{name}.png",
                by=self.cast.members[told.by],
                alt_text=picture["alt"],
            )
        return self.assets[name]


def _slot(words: str) -> tuple[int, time]:
    day, at = words.split()
    return WEEKDAYS.index(day), time.fromisoformat(at)
