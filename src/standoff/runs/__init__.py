"""MANY RUNS: scenarios, ensembles, run folders, comparison, what matters, and scores of past questions."""
