"""Pages about people and their workspace; one module per place."""
