from django.apps import AppConfig


class CreateConfig(AppConfig):
    name = "loa.create"
    label = "create"
