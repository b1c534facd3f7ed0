"""Reads of the room `standards`."""
