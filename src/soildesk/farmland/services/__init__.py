"""Acts of the room `farmland`."""
