"""Registers of the room `enterprises`, one module each."""
