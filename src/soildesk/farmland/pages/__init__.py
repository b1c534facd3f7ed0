"""Pages of the room `farmland`."""
