"""What JSON can hold, as a type."""

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None
