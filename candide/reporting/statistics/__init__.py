"""What is counted of applications, computed by the database."""
