"""What is raised when a file cannot be had."""

from loa.kernel.errors import LoaError


class AssetMissing(LoaError):
    """A post uses an asset that this workspace does not have, or whose file is gone."""
