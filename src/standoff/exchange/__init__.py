"""OTHER PEOPLE'S FORMATS: Flee, ACLED, UCDP GED, HXL, GeoJSON, W3C annotations, RO-Crate."""
