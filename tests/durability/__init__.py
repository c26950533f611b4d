"""What a run survives. Marked `durability`: they start hundreds of programs, and `pytest -m durability` runs them."""
