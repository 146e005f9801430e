"""Read settings from the environment; a wrong value stops the process with a sentence."""

import os
from pathlib import Path


class WrongSetting(SystemExit):
    """A setting that cannot be used. The message names it and says what would do."""


def text(name: str, default: str = "") -> str:
    """Return the setting `name`, without surrounding blanks; `default` when unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes or no: 1, true, yes, on; 0, false, no, off."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise WrongSetting(f"{name}={value!r} is neither yes nor no. Use 1 or 0.")


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """Return one of `allowed`, whatever the case it is written in; the first when unset."""
    value = text(name, allowed[0])
    for one in allowed:
        if one.lower() == value.lower():
            return one
    raise WrongSetting(f"{name}={value!r} is none of {', '.join(allowed)}.")


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number between `least` and `most`."""
    value = text(name)
    if not value:
        return default
    try:
        parsed = int(value)
    except ValueError:
        raise WrongSetting(f"{name}={value!r} is not a whole number.") from None
    if parsed < least or (most is not None and parsed > most):
        span = f"at least {least}" if most is None else f"from {least} to {most}"
        raise WrongSetting(f"{name}={parsed} is out of range: use {span}.")
    return parsed


def secret(name: str) -> str:
    """Return a secret from `name`, or from the file that `NAME_FILE` names; "" when unset."""
    file = text(f"{name}_FILE")
    if not file:
        return text(name)
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise WrongSetting(f"{name}_FILE={file!r} cannot be read: {reason}.") from None
