"""Acts of the room `assessment`."""
