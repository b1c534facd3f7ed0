"""Registers of the room `assessment`."""
