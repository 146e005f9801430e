from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "loa.plan"
    label = "plan"
