"""The page: ask a video in a browser and watch it think. A small server of JSON, pictures and one static page."""
