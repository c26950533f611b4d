"""Reading pictures with their true times, whatever the container."""
