"""A video that the service processes for longer than one try waits."""

from dataclasses import replace

import pytest

from loa.connectors.contract import Answer, OutgoingPart
from loa.connectors.errors import StillProcessing
from loa.connectors.replay import replay
from loa.platforms.bluesky.films import WAITS_S
from loa.platforms.bluesky.publishing import stage
from loa.platforms.bluesky.wire import LIMITS
from tests.conformance.scenes import CAPTIONS, NOW, a_video, answer, channel

JOB = "cvideojob1example"
OVEN = OutgoingPart(CAPTIONS["video"], "vi", "delivery-42", NOW, media=(a_video(LIMITS.video),))
UPLOADED = ["blob_captions", "service_permission", "video_allowed", "server_described"]
UPLOADED += ["service_permission", "video_job"]


def answers(*names: str) -> list[Answer]:
    return [answer("bluesky", name) for name in names]


def test_a_try_that_gives_up_waiting_names_the_job() -> None:
    waiting = ["video_job_processing"] * len(WAITS_S)

    with pytest.raises(StillProcessing) as caught:
        replay(stage(OVEN, channel("bluesky")), answers(*UPLOADED, *waiting))

    assert caught.value.uploads == (JOB,)


def test_the_next_try_asks_for_the_job_and_sends_no_video() -> None:
    given = answers("blob_captions", "video_job_processing", "video_job_done")

    staged, requests = replay(stage(replace(OVEN, uploads=(JOB,)), channel("bluesky")), given)

    assert len(staged.media) == 1
    assert [one.method for one in requests] == ["POST", "GET", "GET"]
    assert dict(requests[1].params) == {"jobId": JOB}


@pytest.mark.parametrize("gone", [Answer(400, {"error": "InvalidRequest"}), "video_job_failed"])
def test_a_job_that_is_unknown_or_failed_is_begun_anew(gone: Answer | str) -> None:
    known = gone if isinstance(gone, Answer) else answer("bluesky", gone)
    given = [*answers("blob_captions"), known, *answers(*UPLOADED[1:], "video_job_done")]

    staged, requests = replay(stage(replace(OVEN, uploads=(JOB,)), channel("bluesky")), given)

    assert len(staged.media) == 1
    assert [one for one in requests if one.url.endswith("uploadVideo")]
