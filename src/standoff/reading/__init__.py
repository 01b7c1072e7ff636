"""TEXT TO PROPOSALS, by rules: who is said to say what, how it is told, and the numbers in it. Never accepted."""
