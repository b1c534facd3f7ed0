"""Acts of the kit on what core keeps."""
