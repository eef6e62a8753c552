"""Spreadsheets of programmes, commissions and centres that are read back."""
