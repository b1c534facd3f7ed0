"""Acts of the room `enterprises`."""
