"""The report of an answer: one HTML file that needs nothing else, to read, print and share."""
