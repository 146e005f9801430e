"""Logging of the whole process."""

import logging.config


def configure(settings: dict[str, str]) -> None:
    """Write one line per event to standard error, from `settings["level"]` upwards."""
    logging.basicConfig(level=settings["level"])
