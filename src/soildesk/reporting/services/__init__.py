"""Acts of the room `reporting`."""
