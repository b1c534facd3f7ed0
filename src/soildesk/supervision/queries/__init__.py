"""Reads of the room `supervision`."""
