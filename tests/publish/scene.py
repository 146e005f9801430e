"""A bakery with channels on a real practice network, and a worker that works in this thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from loa.channels.actions import connect_with_form
from loa.channels.models import Channel
from loa.connectors import transport
from loa.content.models import Post
from loa.content.rules.document import Document, Part
from loa.ops import clock, fence
from loa.publish import actions
from loa.publish.dispatcher import Pace, Worker
from loa.publish.models import Delivery
from loa.publish.rules.settling import Patience
from loa.workspace.models import Member, Workspace
from practice_network.testing import Running
from tests.cast import a_channel, a_post, a_workspace, the_owner

ACCESS_LIVES_S = 7200.0
# As the product, but with the waits of a hurried person.
HURRIED = Pace(
    senders=8,
    lease_s=4,
    renew_s=1,
    sweep_s=0.3,
    patience=Patience(
        between_looks=timedelta(seconds=0.6),
        write_window=timedelta(seconds=0.5),
        first_resend=timedelta(seconds=0.6),
    ),
)


@dataclass(frozen=True)
class Scene:
    """One workspace, its owner, and the network it publishes to."""

    practice: Running
    workspace: Workspace
    ana: Member

    def channel(self, handle: str = "banhmi", *, idempotency: str = "native_key") -> Channel:
        """Connect an account of the network, whose answers to a lost request are of this class."""
        opened = self.practice.client.open_account(handle, idempotency=idempotency)
        return a_channel(
            self.workspace,
            handle=handle,
            base_url=self.practice.base_url,
            secret={"access_code": opened.access_code},
            facts={"idempotency": idempotency},
        )

    def renewed_channel(self, handle: str, *, idempotency: str = "native_key") -> Channel:
        """Connect an account whose grant ends after a while and has to be renewed."""
        opened = self.practice.client.open_account(
            handle, idempotency=idempotency, access_lives_s=ACCESS_LIVES_S
        )
        return self.connect(handle, opened.access_code)

    def connect(self, handle: str, access_code: str) -> Channel:
        """Connect an account as a person does; once more is a reconnection."""
        typed = {
            "base_url": self.practice.base_url,
            "handle": handle,
            "access_code": access_code,
        }
        with fence.inside(self.workspace.pk):
            return connect_with_form(self.workspace, platform="sandbox", values=typed, by=self.ana)

    def post(
        self,
        *channels: Channel,
        text: str = "Bánh mì nóng đây!",
        parts: Sequence[str] = (),
        first_comment: str = "",
        due_at: datetime | None = None,
    ) -> Post:
        """Make a post for `channels`, due now unless said otherwise."""
        post = a_post(self.workspace, text=text, channels=channels, due_at=due_at or clock.now())
        if parts or first_comment:
            document = Document(tuple(map(Part, parts or [text])), first_comment)
            with fence.inside(self.workspace.pk):
                post.shared = document.to_json()
                post.save()
        return post

    def scheduled(self, *channels: Channel, **said: object) -> list[Delivery]:
        """Make a post and hand it over."""
        post = self.post(*channels, **said)  # type: ignore[arg-type]  # the fields of post()
        with fence.inside(self.workspace.pk):
            return actions.schedule_post(post, by=self.ana)

    def ledger(self, handle: str | None = None) -> list[str]:
        """Return the texts that the network accepted, oldest first."""
        return [
            entry["payload"]["text"]
            for entry in self.practice.client.posts_in_ledger(account=handle)
        ]


def a_scene(practice: Running) -> Scene:
    """Found the bakery, and let this process reach the network."""
    transport.configure(allowed_origins=[practice.base_url])
    workspace = a_workspace()
    return Scene(practice, workspace, the_owner(workspace))


def work_off(pace: Pace = HURRIED, *, at: datetime | None = None) -> int:
    """Let a worker without threads do all that is due, now or at another time."""
    if at is None:
        return Worker(pace).work_off()
    with clock.at(at):
        return Worker(pace).work_off()


def again(delivery: Delivery) -> Delivery:
    """Return a delivery as it is now."""
    with fence.everywhere("look at a delivery in a test"):
        return Delivery.all_work.select_related("channel").get(pk=delivery.pk)
