"""ONE WAY TO WRITE: numbers, dates, tables and sentences as a person reads them."""
