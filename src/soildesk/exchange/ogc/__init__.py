"""OGC API - Features over every collection that has ground: Part 1 (core), 2 (coordinate systems), 3 (filters)."""
