"""Originals a brand may use: asset with alt text and focal point, and files derived from it."""
