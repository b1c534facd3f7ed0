"""Acts of the room `standards`."""
