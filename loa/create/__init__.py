"""Make it: composer, checks beside the field, and review by the people who must agree."""
