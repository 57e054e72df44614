"""Celery finds the sweeper here."""

from __future__ import annotations

from common.sweeper import sweep

__all__ = ["sweep"]
