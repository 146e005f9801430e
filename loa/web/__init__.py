"""Ground for pages: base templates, components, tags, live updates. No marketing in here."""
