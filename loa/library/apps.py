from io import BytesIO

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "loa.library"
    label = "library"

    def ready(self) -> None:
        """Tell the upload handler that videos may be larger than pictures."""
        from django.conf import settings  # noqa: PLC0415

        from loa.library.rules.videos import container_of  # noqa: PLC0415
        from loa.web import uploads  # noqa: PLC0415

        def limit_of_video(head: bytes) -> int:
            is_video = not head or container_of(BytesIO(head)) is not None
            return int(settings.VIDEO_MAX_BYTES) if is_video else 0

        uploads.allows(limit_of_video)
