"""OTHERS' FILES IN: any file of others as a batch: event logs, tables of events and people, boundaries, annotations."""
