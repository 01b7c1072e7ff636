"""OUR FILES OUT: tables as HXL, GeoJSON, workbooks, W3C annotations and Flee folders."""
