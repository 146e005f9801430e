"""Decisions about alerts, without a database or a clock."""
