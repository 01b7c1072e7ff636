"""WHAT MAY HAPPEN: actors choose, hostilities rise and decay, people move; arrays of trajectories by things."""
