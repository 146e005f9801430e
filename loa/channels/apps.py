from django.apps import AppConfig
from django.conf import settings

from loa.connectors import transport


class ChannelsConfig(AppConfig):
    name = "loa.channels"
    label = "channels"

    def ready(self) -> None:
        """Say once which private origins this process may reach."""
        transport.configure(allowed_origins=settings.EGRESS_ALLOWED_ORIGINS)
