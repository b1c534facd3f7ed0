"""Where things are on the ground: coordinate systems, areas and lengths, faults of geometries, overlays.

Geometries are numpy arrays of shapely geometries; stored ones are longitude and latitude on CGCS2000 (EPSG:4490).
"""
