"""The long experiments behind the lessons, and what they measured last."""

from .records import load_record, load_table

__all__ = ["load_record", "load_table"]
