"""Tables, verdicts, charts and pages made of records."""
