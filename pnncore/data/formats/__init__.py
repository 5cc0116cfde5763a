"""Formats of datasets, one a module: `pnncore.data.format` says what each must do."""
