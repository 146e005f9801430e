from django.apps import AppConfig


class PublishConfig(AppConfig):
    name = "loa.publish"
    label = "publish"
