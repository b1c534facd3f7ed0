"""Reads of the room `plans`: every one starts from what the actor may see."""
