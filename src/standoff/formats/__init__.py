"""OUR FILES OUT: HXL, GeoJSON, W3C annotations, Flee folders."""
