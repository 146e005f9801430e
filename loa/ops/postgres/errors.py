"""Why the embedded server cannot run, in sentences a person can act on."""

from loa.kernel.errors import LoaError


class DatabaseUnavailable(LoaError):
    """The embedded server cannot be used. The message says why and what would help."""
