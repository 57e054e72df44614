"""A synthetic arthroplasty registry whose attrition is the published one."""

from demo.registry.dirty import dirty_rows, write_dirty_files
from demo.registry.generate import generate_registry
from demo.registry.tables import PatientTruth, RegistryTables, write_csv

__all__ = [
    "PatientTruth",
    "RegistryTables",
    "dirty_rows",
    "generate_registry",
    "write_csv",
    "write_dirty_files",
]
