"""The command line: one module per noun. stdout is data, stderr is talk."""
