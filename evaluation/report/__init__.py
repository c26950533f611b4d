"""The report of a run: every score as tables and plots, as Markdown and as one HTML page that needs nothing else."""
