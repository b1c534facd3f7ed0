"""Reads of the room `monitoring`."""
