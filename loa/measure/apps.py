from django.apps import AppConfig


class MeasureConfig(AppConfig):
    name = "loa.measure"
    label = "measure"
