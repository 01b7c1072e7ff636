"""FLEE: its folders (github.com/djgroen/flee, BSD-3), its process as whole counts, and forecasts of people in camps."""
