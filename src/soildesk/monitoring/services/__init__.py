"""Acts of the room `monitoring`."""
