"""Readings beside posts and channels, pages of tracked links, and the redirects behind them."""
