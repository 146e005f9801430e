from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "loa.watch"
    label = "watch"

    def ready(self) -> None:
        """Tell the rail how much is wrong."""
        from loa.watch.views import counts  # noqa: F401, PLC0415 (needs the models)
