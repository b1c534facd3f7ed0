"""Reads of the room `farmland`."""
