from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "loa.publish"
    label = "publish"

    def ready(self) -> None:
        """Tell the rail what waits for a decision, and hear of renditions that were made."""
        from loa.publish.actions import going_on  # noqa: F401, PLC0415
        from loa.publish.views import counts  # noqa: F401, PLC0415 (needs the models)
