"""OPENING FILES: plain files only, up to a size; YAML with the line of every value; geometries of GeoJSON."""
