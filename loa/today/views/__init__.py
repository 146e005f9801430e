"""Today and the command palette."""

from loa.today.views.palette import go
from loa.today.views.today import count_today, show_needs, show_on_air, show_today

__all__ = ["count_today", "go", "show_needs", "show_on_air", "show_today"]
