"""What crosses rooms: errors that a user can mend, files written whole, records with their seals, and the console."""
