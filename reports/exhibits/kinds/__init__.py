"""Kinds of exhibits, one a module; `reports.exhibits.contract` says what one has."""
