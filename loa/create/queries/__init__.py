"""Reads about posts on the desk; one module per subject."""

from loa.create.queries.standing import Standing, rule_of, standing_of, standings_of

__all__ = ["Standing", "rule_of", "standing_of", "standings_of"]
