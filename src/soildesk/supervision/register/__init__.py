"""Registers of the room `supervision`."""
