"""Registers of the room `reporting`."""
