"""Candide takes applications to the selective programmes of a French university."""

__version__ = "0.1.0"
