"""Staff screens of the room `plans`."""
