"""Films in high dynamic range, made by the formulas of BT.2100, not by the filters under test."""

import math
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from loa.library.filming import ffmpeg
from loa.library.rules.colours import PQ

# Light of the four fields of the film, in candela per square metre; the last is the red of
# ordinary screens, as bright as white paper lets it be.
GREY, PAPER, SUN = 26.0, 203.0, 1000.0
RED_IN_2020 = (0.6274, 0.0691, 0.0164)
FIELD_PX = 64


@cache
def an_hdr_film(high_range: str, *, tells_all: bool = True) -> bytes:
    """Return four fields side by side: GREY, PAPER, SUN and red. tells_all: name its colours."""
    signal = _pq if high_range == PQ else _hlg
    fields = [_coded(*[signal(light)] * 3) for light in (GREY, PAPER, SUN)]
    fields.append(_coded(*(signal(PAPER * share) for share in RED_IN_2020)))
    planes = {
        name: f"'{_by_place([field[at] for field in fields], width)}'"
        for at, (name, width) in enumerate((("lum", 64), ("cb", 32), ("cr", 32)))
    }
    geq = ":".join(f"{name}={told}" for name, told in planes.items())
    named = f"transfer={high_range}"
    if tells_all:
        named += (
            ":colorprim=bt2020:colormatrix=bt2020nc:max-cll=1000,400"
            ":master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
        )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        source = f"nullsrc=size={4 * FIELD_PX}x144:rate=25:duration=1,format=yuv420p10le,geq={geq}"
        encoder = ["-c:v", "libx265", "-crf", "4", "-x265-params", f"log-level=0:{named}"]
        command = [ffmpeg(), "-loglevel", "error", "-f", "lavfi", "-i", source, *encoder, str(path)]
        subprocess.run(command, check=True, timeout=60)
        return path.read_bytes()


def _by_place(codes: list[int], width: int) -> str:
    first, second, third, last = codes
    return (
        f"if(lt(X,{width}),{first},if(lt(X,{2 * width}),{second},"
        f"if(lt(X,{3 * width}),{third},{last})))"
    )


def _coded(red: float, green: float, blue: float) -> tuple[int, int, int]:
    """Return Y, Cb and Cr of ten bits, by the matrix of BT.2020."""
    luma = 0.2627 * red + 0.678 * green + 0.0593 * blue
    cb, cr = (blue - luma) / 1.8814, (red - luma) / 1.4746
    return round(64 + 876 * luma), round(512 + 896 * cb), round(512 + 896 * cr)


def _pq(nits: float) -> float:
    power = math.pow(nits / 10_000, 0.1593017578125)
    return math.pow((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power), 78.84375)


def _hlg(nits: float) -> float:
    scene = (nits / 1000) ** (1 / 1.2)
    if scene <= 1 / 12:
        return math.sqrt(3 * scene)
    return 0.17883277 * math.log(12 * scene - 0.28466892) + 0.55991073
