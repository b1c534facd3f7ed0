"""Screens of the room `reporting`."""
