"""Registers of the room `farmland`."""
