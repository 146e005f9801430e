"""Misbehaviour on command: which request goes wrong (book), and how (wire)."""
