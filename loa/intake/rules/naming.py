"""Which channels, campaign and images a row names, as people write them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from loa.connectors.contract import Capability, Limits
from loa.content.rules.findings import Finding, Severity
from loa.kernel.text import fold

_BETWEEN_CHANNELS = re.compile(r"\s*[,;|\n]\s*")
_ALL = frozenset({"all", "tat ca", "*", "tat ca kenh", "all channels"})


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel as a row may name it, and what it takes."""

    pk: int
    platform: str
    name: str
    handle: str
    limits: Limits
    capabilities: Collection[Capability]
    is_connected: bool
    min_gap: timedelta


@dataclass(frozen=True, slots=True)
class Names:
    """Everything a row can name. images: folded file names to ids; campaigns likewise."""

    channels: Mapping[int, ChannelFacts]
    images: Mapping[str, int] = field(default_factory=dict)
    campaigns: Mapping[str, int] = field(default_factory=dict)
    _found: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        channels: Iterable[ChannelFacts],
        *,
        images: Mapping[str, int],
        campaigns: Mapping[str, int],
    ) -> "Names":
        """Index what there is by what people call it."""
        by_name: defaultdict[str, list[int]] = defaultdict(list)
        kept = {one.pk: one for one in channels}
        for one in kept.values():
            handle = fold(one.handle).lstrip("@")
            platform = fold(one.platform)
            names = {fold(one.name), handle, f"@{handle}", platform}
            names |= {f"{platform}:{name}" for name in (fold(one.name), handle, f"@{handle}")}
            for name in names - {""}:
                by_name[name].append(one.pk)
        found = {name: tuple(pks) for name, pks in by_name.items()}
        return cls(kept, images, campaigns, found)

    def channels_named(self, text: str) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
        """Return the channels that a cell names, and what is wrong with the names."""
        if fold(text).strip() in _ALL:
            return tuple(self.channels), ()
        if len(self._named(text)) == 1:
            return self._named(text), ()
        chosen: dict[int, None] = {}
        wrong: list[Finding] = []
        for name in filter(None, _BETWEEN_CHANNELS.split(text)):
            pks = self._named(name)
            if len(pks) == 1:
                chosen[pks[0]] = None
                continue
            code = "row.channel_ambiguous" if pks else "row.channel_unknown"
            example = f"{self.channels[pks[0]].platform}:{name[:60]}" if pks else ""
            values = {"name": name[:60], "example": example}
            wrong.append(Finding(code, Severity.BLOCK, values=values))
        if not chosen and not wrong:
            wrong.append(Finding("row.no_channel", Severity.BLOCK))
        return tuple(chosen), tuple(wrong)

    def image_named(self, name: str) -> int | None:
        """Return the image of the library with that name, its ending left out or not."""
        folded = fold(name).strip()
        return self.images.get(folded) or self.images.get(folded.rpartition(".")[0] or folded)

    def _named(self, name: str) -> tuple[int, ...]:
        return self._found.get(fold(name).strip(), ())
