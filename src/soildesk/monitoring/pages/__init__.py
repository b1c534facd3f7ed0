"""Pages of the room `monitoring`."""
