"""Acts of the room `supervision`."""
