"""Memory while a large video is taken in, made into a rendition, and sent.

Makes a video of noise with the ffmpeg that Loa uses, copied in a loop to the wanted size, and
takes it through the library's own actions with a database of its own: measured and kept, one
rendition copied for a platform that takes it whole, and its bytes read as the transport reads
them. Memory is the largest resident size the kernel noted, of this process and of the largest
child. The rendition to watch, which decodes all of it for minutes, is not made here.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

MOST_GROWTH_MB = 100.0
NOISE_S = 4


def main(argv: Sequence[str]) -> int:
    """Measure and print one table; return 1 when memory grew with the file."""
    parser = argparse.ArgumentParser(prog="loa bench media_memory", description=__doc__)
    parser.add_argument("--mb", type=int, default=1000, help="size of the large video")
    options = parser.parse_args(argv)
    os.environ["LOA_VIDEO_MAX_BYTES"] = str(10**12)
    from benchmarks._ground import fresh_database  # noqa: PLC0415 (sets the environment first)

    with fresh_database(), TemporaryDirectory() as folder:
        small = _film(Path(folder) / "small.mp4", mb=10)
        large = _film(Path(folder) / "large.mp4", mb=options.mb)
        _through(small)
        before, child_before = _peaks_mb()
        began = time.perf_counter()
        size_mb = _through(large)
        seconds = time.perf_counter() - began
        after, child_after = _peaks_mb()
    grown = after - before
    verdict = "ok" if grown <= MOST_GROWTH_MB else "OVER"
    sys.stdout.write(
        f"a video of {size_mb:.0f} MB, after one of 10 MB\n"
        f"{'peak memory before':<44}{before:>9.1f} MB\n"
        f"{'peak memory afterwards':<44}{after:>9.1f} MB\n"
        f"{'grown by':<44}{grown:>9.1f} MB  <= {MOST_GROWTH_MB:g} MB  {verdict}\n"
        f"{'largest child before':<44}{child_before:>9.1f} MB\n"
        f"{'largest child afterwards':<44}{child_after:>9.1f} MB\n"
        f"{'taken in, copied for a platform, read':<44}{seconds:>9.1f} s\n"
    )
    return 0 if grown <= MOST_GROWTH_MB else 1


def _film(path: Path, *, mb: int) -> Path:
    """Write a video of about `mb` megabytes: noise, which nothing makes smaller, in a loop."""
    from loa.library.filming import ffmpeg  # noqa: PLC0415

    seed = path.with_name("seed.mp4")
    quiet = [ffmpeg(), "-loglevel", "error", "-y"]
    if not seed.exists():
        noise = f"nullsrc=size=1280x720:rate=25:duration={NOISE_S},noise=alls=100:allf=t"
        encoded = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p"]
        subprocess.run([*quiet, "-f", "lavfi", "-i", noise, *encoded, str(seed)], check=True)  # noqa: S603
    times = max(1, round(mb * 1_000_000 / seed.stat().st_size))
    loop = ["-stream_loop", str(times - 1), "-i", str(seed), "-c", "copy", str(path)]
    subprocess.run([*quiet, *loop], check=True)  # noqa: S603
    return path


def _through(film: Path) -> float:
    """Take a video in, have it copied for a platform, and read it as it is sent."""
    from loa.connectors.contract import Request, VideoRules  # noqa: PLC0415
    from loa.connectors.transport.bodies import encode  # noqa: PLC0415
    from loa.library import actions  # noqa: PLC0415
    from loa.library.queries import WATCH  # noqa: PLC0415
    from loa.library.queries.films import video_for  # noqa: PLC0415
    from loa.library.rules.film import fit_video  # noqa: PLC0415
    from loa.ops import fence  # noqa: PLC0415
    from tests import cast  # noqa: PLC0415

    rules = VideoRules(1, 4 * 10**9, ("video/mp4",), ("h264",), ("aac",), 1000)
    workspace = cast.a_workspace(name=film.stem)
    owner = cast.the_owner(workspace)
    with film.open("rb") as file, fence.inside(workspace.pk):
        asset = actions.keep_upload(file, filename=film.name, by=owner)
        actions.cancel_order(asset.orders.get(need=WATCH))
        plan = fit_video(asset.facts, rules).plan
        if plan is None or not plan.copies:
            raise RuntimeError("the video was to be copied")
        order = actions.order_rendition(asset, plan)
    actions.make_rendition(order_id=order.pk, workspace_id=workspace.pk)
    with fence.inside(workspace.pk):
        media = video_for(asset, rules=rules, alt_text="")
        body = encode(Request("POST", "https://platform.example/media", media=media))
    if body is None or sum(len(chunk) for chunk in body.chunks) != media.size_bytes:
        raise RuntimeError("not all of it was read")
    return media.size_bytes / 1_000_000


def _peaks_mb() -> tuple[float, float]:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, child = (resource.getrusage(one).ru_maxrss / 1000 for one in who)
    return own, child
