"""Reads of the room `home`."""
