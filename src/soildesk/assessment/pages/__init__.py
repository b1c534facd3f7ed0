"""Screens of the room `assessment`."""
