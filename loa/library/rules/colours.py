"""Brightness of videos: what phones film in high dynamic range, and what platforms show.

Sources: ITU-R BT.2100 (the two ways to keep high dynamic range), BT.2408 (white paper lies at
203 candela per square metre).
"""

PQ, HLG = "smpte2084", "arib-std-b67"
HIGH_RANGES = (PQ, HLG)
WHITE_NITS, BRIGHTEST_NITS = 203, 1000
# Up to this share of white everything stays as bright as it was filmed; what is brighter is
# bent into the rest.
STRAIGHT_UP_TO = 0.7


def high_range_of(told: str) -> str:
    """Return which of HIGH_RANGES ffmpeg tells of a picture track's colours, "" if none."""
    words = told.replace("/", " ").replace(",", " ").split()
    return next((one for one in HIGH_RANGES if one in words), "")


def to_standard(high_range: str) -> list[str]:
    """Return the filters that bring pictures to standard range; none for those that have it.

    The colour space is set, not asked: files that forget to tell it use the one of BT.2100.
    What describes the high range (brightest light, mastering screen) must not stay beside
    pictures that have it no more.
    """
    if not high_range:
        return []
    peak = BRIGHTEST_NITS / WHITE_NITS
    return [
        f"setparams=colorspace=bt2020nc:color_primaries=bt2020:color_trc={high_range}",
        f"zscale=transfer=linear:npl={WHITE_NITS}",
        "format=gbrpf32le",
        "zscale=primaries=bt709",
        f"tonemap=mobius:param={STRAIGHT_UP_TO}:peak={peak:.2f}:desat=0",
        "zscale=transfer=bt709:matrix=bt709:range=tv",
        "format=yuv420p",
        "sidedata=mode=delete",
    ]
