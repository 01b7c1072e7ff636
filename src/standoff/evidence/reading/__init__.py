"""Text to proposed claims, by rules: who is said to say what, how it is told, and the numbers in it. Never accepted."""

UNWRITTEN = "TO WRITE"  # how the text of a proposal starts; check_evidence refuses a claim that still has it
