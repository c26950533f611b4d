"""Videos of the web: fetched once, resumed when cut short, kept by content."""
