"""A needle in a video haystack: composed videos with short facts at random places, and questions about them."""
