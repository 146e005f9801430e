"""A browser's side of an upload in pieces, for the tests."""

import zlib
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from loa.workspace.models import Member
from tests.cast import signed_in

# The test client's answer, with more on it than the types know.
type Answered = Any


@dataclass
class Sender:
    """Somebody who sends files piece by piece."""

    client: Client
    slug: str

    @classmethod
    def of(cls, member: Member, *, slug: str = "") -> "Sender":
        return cls(signed_in(member), slug or member.workspace.slug)

    def begin(self, name: str, size: int, *, modified_ms: int = 5) -> Answered:
        fields = {"name": name, "size_bytes": size, "modified_ms": modified_ms}
        return self.client.post(reverse("library:begin-upload", args=[self.slug]), fields)

    def begun(self, name: str, size: int) -> str:
        """Begin and return the address."""
        answer = self.begin(name, size)
        assert answer.status_code in {200, 201}, answer.content
        return str(answer.headers["Location"])

    def piece(self, where: str, content: bytes, *, at: int, **more: str) -> Answered:
        return self.client.patch(
            where,
            content,
            content_type="application/offset+octet-stream",
            headers={"Upload-Offset": str(at)},
            **more,  # type: ignore[arg-type]
        )

    def take(self, where: str, content: bytes) -> Answered:
        return self.client.post(f"{where}take/", {"checksum": zlib.crc32(content)})

    def offset(self, where: str) -> int:
        return int(self.client.head(where).headers["Upload-Offset"])

    def all_of(self, name: str, content: bytes, *, piece_bytes: int = 1000) -> Answered:
        """Send a whole file; return the last answer."""
        where = self.begun(name, len(content))
        for at in range(0, len(content), piece_bytes):
            answer = self.piece(where, content[at : at + piece_bytes], at=at)
            assert answer.status_code == 204, answer.content
        return self.take(where, content)
