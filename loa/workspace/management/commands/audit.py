"""loa audit verify: is every audit trail whole?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loa.ops import fence
from loa.workspace import queries
from loa.workspace.actions.keys import audit_key
from loa.workspace.models import Workspace
from loa.workspace.rules.audit_chain import Damage, first_damage

ADVICE = (
    "An audit trail was tampered with. Keep the database as it is, restore a backup beside it,"
    " and compare from the entry named above."
)


class Command(BaseCommand):
    help = (
        "Check that no audit entry was changed, forged or taken away. Prints one line for each"
        " workspace: slug, how many entries, the last one's hash, and what is wrong if anything."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--workspace", metavar="SLUG", help="only this one")
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="SLUG=NUMBER:HASH",
            help="an entry printed earlier and kept elsewhere: finds a trail cut off at its end",
        )

    def handle(self, *, workspace: str | None = None, expect: list[str], **_options: Any) -> None:
        expected = dict(_expectation(one) for one in expect)
        with fence.everywhere("check every audit trail"):
            rows = Workspace.objects.order_by("slug")
            chosen = list(rows.filter(slug=workspace) if workspace else rows)
        if missing := ({workspace} if workspace else set()) | set(expected):
            missing -= {one.slug for one in chosen}
            if missing:
                raise CommandError(f"There is no workspace called {', '.join(sorted(missing))}.")
        results = [self._check(one, expected.get(one.slug)) for one in chosen]
        if not all(results):
            raise CommandError(ADVICE)

    def _check(self, workspace: Workspace, expected: tuple[int, str] | None) -> bool:
        with fence.inside(workspace.pk):
            found = first_damage(queries.audit_chain_of(workspace), key=audit_key(workspace))
            number, last_hash = queries.audit_head(workspace)
            if not found and expected and not queries.has_audit_entry(workspace, *expected):
                found = expected[0], Damage.SHORTER
        words = [workspace.slug, str(number), last_hash]
        words.append(f"{found[1].value} at entry {found[0]}" if found else "whole")
        self.stdout.write("\t".join(words))
        return found is None


def _expectation(text: str) -> tuple[str, tuple[int, str]]:
    slug, _, rest = text.partition("=")
    number, _, kept = rest.partition(":")
    if not (slug and number.isdigit() and kept):
        raise CommandError(f"--expect {text!r} is not of the form SLUG=NUMBER:HASH.")
    return slug, (int(number), kept)
