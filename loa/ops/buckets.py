"""Where media lie when they lie in a bucket, from an address such as s3://loa-media/brand."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from loa.ops.environment import WrongSetting

EXAMPLE = "s3://bucket or s3://bucket/folder"


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """Where a bucket is and who we are there. path_style: its name stands in the path.

    endpoint "": Amazon's own. key_id "": whatever the machine's own role allows.
    """

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key_id: str
    secret: str = field(repr=False)
    path_style: bool

    def __str__(self) -> str:
        """Return it as LOA_MEDIA_URL says it."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def media_bucket(
    url: str, *, endpoint: str, region: str, key_id: str, secret: str, path_style: bool
) -> BucketAddress | None:
    """Return the bucket that `url` names; None for "", which means a folder."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname or parts.query:
        raise WrongSetting(f"LOA_MEDIA_URL={url!r} is not of the form {EXAMPLE}.")
    if endpoint and not _is_address(endpoint):
        raise WrongSetting(
            f"LOA_MEDIA_ENDPOINT={endpoint!r} is not an address like https://s3.example."
        )
    if bool(key_id) != bool(secret):
        raise WrongSetting("LOA_MEDIA_KEY_ID and LOA_MEDIA_SECRET belong together: set both.")
    return BucketAddress(
        bucket=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=endpoint,
        region=region,
        key_id=key_id,
        secret=secret,
        path_style=path_style,
    )


def _is_address(endpoint: str) -> bool:
    parts = urlsplit(endpoint)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
