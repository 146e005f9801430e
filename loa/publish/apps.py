from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "loa.publish"
    label = "publish"

    def ready(self) -> None:
        """Tell the rail what waits for a decision."""
        from loa.publish.views import counts  # noqa: F401, PLC0415 (needs the models)
