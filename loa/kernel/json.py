"""What JSON can hold, as a type."""

type JSON = None | bool | int | float | str | list[JSON] | dict[str, JSON]
