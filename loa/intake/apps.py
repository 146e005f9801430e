from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "loa.intake"
    label = "intake"
