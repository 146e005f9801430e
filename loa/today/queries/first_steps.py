"""How far a new workspace is: a channel, a post, slots."""

from dataclasses import dataclass

from django.db.models import Exists

from loa.channels import queries as channels
from loa.content.models import Post
from loa.plan.models import Slot
from loa.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which of the first three steps are done."""

    has_channel: bool
    has_post: bool
    has_slots: bool

    @property
    def done_count(self) -> int:
        """How many are done."""
        return self.has_channel + self.has_post + self.has_slots

    @property
    def are_done(self) -> bool:
        """True when nothing has to be taught any more."""
        return self.has_channel and self.has_post and self.has_slots


def first_steps(workspace: Workspace) -> FirstSteps:
    """Return which first steps are done, in one query."""
    [row] = (
        Workspace.objects.filter(pk=workspace.pk)
        .annotate(
            has_channel=Exists(channels.channels_in_use(workspace)),
            has_post=Exists(Post.objects.in_workspace(workspace).filter(deleted_at=None)),
            has_slots=Exists(Slot.objects.in_workspace(workspace)),
        )
        .values_list("has_channel", "has_post", "has_slots")
    )
    return FirstSteps(*row)
