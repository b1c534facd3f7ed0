"""Reads of the room `reporting`."""
