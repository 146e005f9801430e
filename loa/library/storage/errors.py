"""What can go wrong between us and the place where files lie.

StorageError
├── FileMissing         the key names nothing (any more)
├── StorageUnreachable  it did not answer; waiting may help
├── StorageFull         there is no room; somebody must make some
└── StorageRefused      it said no: wrong bucket, wrong key, no permission
"""

from loa.kernel.errors import LoaError, Passing


class StorageError(LoaError):
    """Base of the family."""


class FileMissing(StorageError, FileNotFoundError):
    """The file of a key is gone."""


class StorageUnreachable(StorageError, Passing):
    """The storage did not answer, or not in time."""


class StorageFull(StorageError, Passing):
    """There is no room for the file."""


class StorageRefused(StorageError, Passing):
    """The storage does not let us do this: an administrator must look at the settings."""
