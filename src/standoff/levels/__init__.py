"""HOW MUCH TO EXPECT: incidents by area and day, what to expect of them, and how well that went before."""
