from django.apps import AppConfig


class CreateConfig(AppConfig):
    name = "loa.create"
    label = "create"

    def ready(self) -> None:
        """Answer the library, which asks which posts show an asset."""
        from loa.create.queries import uses  # noqa: F401, PLC0415 (registers itself)
