"""Acts of the room `land`."""
