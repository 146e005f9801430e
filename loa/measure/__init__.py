"""Count it: readings of public metrics, each with its definition, window and time taken."""
