"""Loa: the desk of a social media manager."""
