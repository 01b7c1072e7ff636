"""OTHERS' FILES IN: event logs of ACLED and UCDP GED, tables of events, boundaries."""
