"""Turn run records into tidy tables, verdicts, charts and pages."""
