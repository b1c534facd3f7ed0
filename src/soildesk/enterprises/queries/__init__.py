"""Reads of the room `enterprises`."""
