"""Dates, times and numbers as the readers of each language write them."""
