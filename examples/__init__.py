"""Sample videos with known facts: a trailer, a composed lecture, and questions about both."""
