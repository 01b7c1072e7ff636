"""LOCAL WEB SERVER: the workbench on 127.0.0.1."""
