from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "loa.library"
    label = "library"
