"""Reads of the room `land`."""
