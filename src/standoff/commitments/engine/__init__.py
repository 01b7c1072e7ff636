"""THE AUTOMATON: states of commitments as arrays, stepped a day at a time. Knows no case."""
