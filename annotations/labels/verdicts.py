from __future__ import annotations

from dataclasses import dataclass

from annotations.labels.models import ComponentVerdict, Infection
from common.errors import Invalid

# Why a note does or does not confirm: words that may be shown where its text may not.
CODED_REASONS = (
    "no_loosening_at_surgery", "infection_suspected", "infection_confirmed", "diagnoses_differ", "confirmed_at_surgery",
)  # fmt: skip
# Of a hip on whose note two abstractors differ, until somebody adjudicates.
READERS_DIFFER = "readers_differ"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an abstractor found in one note."""

    cup: str
    stem: str
    infection: str
    diagnoses_agree: bool
    quote_start: int | None = None
    quote_end: int | None = None
    comment: str = ""

    def check(self) -> None:
        problems = [
            {"field": name, "message": f"received {value!r}; choose one of {', '.join(allowed)}"}
            for name, value, allowed in (
                ("cup", self.cup, ComponentVerdict.values),
                ("stem", self.stem, ComponentVerdict.values),
                ("infection", self.infection, Infection.values),
            )
            if value not in allowed
        ]
        if (self.quote_start is None) != (self.quote_end is None):
            problems.append({"field": "quote_end", "message": "a quotation has a start and an end, or neither"})
        if self.quote_start is not None and self.quote_end is not None and self.quote_start >= self.quote_end:
            problems.append({"field": "quote_end", "message": "lies before the quotation's start"})
        if problems:
            raise Invalid("The verdict is not complete.", details=problems)

    @property
    def confirms_loosening(self) -> bool:
        loose = ComponentVerdict.LOOSE in (self.cup, self.stem)
        return loose and self.infection == Infection.NONE and self.diagnoses_agree

    @property
    def reason(self) -> str:
        """Why the note does or does not confirm, in the order in which the study asks."""
        if ComponentVerdict.LOOSE not in (self.cup, self.stem):
            return "no_loosening_at_surgery"
        if self.infection != Infection.NONE:
            return f"infection_{self.infection}"
        return "confirmed_at_surgery" if self.diagnoses_agree else "diagnoses_differ"

    def check_quote(self, length: int) -> None:
        """Refuse a quotation that reaches beyond the note's `length` in characters."""
        if self.quote_end is not None and self.quote_end > length:
            message = f"received {self.quote_end}; the note has {length} characters"
            raise Invalid("The quotation lies outside the note.", details=[{"field": "quote_end", "message": message}])
