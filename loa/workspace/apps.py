from importlib import import_module

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "loa.workspace"
    label = "workspace"

    def ready(self) -> None:
        """Begin to note what the sign-in library tells about people."""
        import_module("loa.workspace.views.trail")
