"""MANY RUNS: scenarios, ensembles, results, comparison, sensitivity and scores."""
