"""Pages about content: campaigns, and what is done to links."""
