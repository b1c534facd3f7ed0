"""Pictures of results, drawn on the server as SVG, each with its table."""
