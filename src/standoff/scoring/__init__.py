"""HOW GOOD: scores of forecasts, and how sure one can be of them."""
