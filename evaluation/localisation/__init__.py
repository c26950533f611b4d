"""Finding the evidence without a model that sees: how often the rounds of looking reach the place of an answer."""
