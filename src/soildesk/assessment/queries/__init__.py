"""Reads of the room `assessment`."""
