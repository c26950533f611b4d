"""The rows of the performance table, a module each: `measure(folder)` yields its results."""
