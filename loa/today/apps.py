from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "loa.today"
    label = "today"

    def ready(self) -> None:
        """Tell the rail how much waits on Today."""
        from loa.today import views  # noqa: PLC0415 (models are ready only now)
        from loa.web import places  # noqa: PLC0415 (idem)

        places.counts("today")(views.count_today)
