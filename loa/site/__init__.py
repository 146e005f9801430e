"""The composition root: settings, urls, middleware, and the `loa` command."""
