"""WHAT IS WRITTEN DOWN: the records of a case, how they are read from a folder, and how they are checked."""
