"""The example district: read from examples/ of the clone into an empty home, through the same services people use."""
