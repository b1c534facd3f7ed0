"""Registers of this room."""
