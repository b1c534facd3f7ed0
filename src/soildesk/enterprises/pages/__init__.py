"""Pages of the room `enterprises`."""
