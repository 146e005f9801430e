from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "loa.today"
    label = "today"
