"""What lists and spreadsheets show of applications: their columns."""
