from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "loa.web"
    label = "web"

    def ready(self) -> None:
        """Register the checks of this app."""
        from loa.web import checks  # noqa: F401, PLC0415 (apps must be loaded first)
