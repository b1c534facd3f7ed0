"""Screens of the room `supervision`."""
