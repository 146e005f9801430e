from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "loa.workspace"
    label = "workspace"
