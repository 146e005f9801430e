from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "loa.content"
    label = "content"

    def ready(self) -> None:
        """Answer the library, which asks where its assets are used."""
        from loa.content.queries import uses  # noqa: F401, PLC0415 (registers itself)
