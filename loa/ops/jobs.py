"""Background work."""

from procrastinate import App


def app_ready(app: App) -> None:
    """Take over the job queue's application once Django is ready."""
