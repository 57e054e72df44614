"""Statements about infection: none, suspected, confirmed."""

from __future__ import annotations

INFECTION: dict[str, tuple[str, ...]] = {
    "infection_none": (
        "there was no sign of <infection-: infection>.",
        "no <infection-: purulence> was encountered.",
        "the joint fluid was clear and yellow; frozen section was negative for acute inflammation.",
        "frozen section showed fewer than [two|five] neutrophils per high-power field, not <infection-: infected>.",
        "clear synovial fluid without <infection-: pus> was aspirated and sent for cell count.",
        "there was no clinical evidence of <infection-: sepsis>.",
        "five tissue samples were sent; nothing pointed to <infection-: infection>.",
        "no <infection-: abscess> or sinus was found.",
        "Gram stain was negative and there was no macroscopic suspicion of <infection-: infection>.",
        "the tissues looked healthy and bled well.",
        "<infection-: infection> was ruled out by a pre-operative aspirate and a negative frozen section.",
        "alpha-defensin was negative and there was no <infection-: pus>.",
    ),
    "infection_suspected": (
        "the fluid was cloudy, and frozen section was equivocal, so that <infection?: infection> cannot be excluded.",
        "the tissue looked inflamed, suspicious for <infection?: infection>; six samples were sent.",
        "there is concern for <infection?: infection>, and antibiotics were started until cultures return.",
        "frozen section showed [eight|ten] neutrophils in some fields: possible low-grade <infection?: infection>.",
        "turbid fluid was found; <infection?: periprosthetic infection> is suspected and cultures are pending.",
        "given a CRP of [28|34|41] and murky fluid, we treat this as a probable <infection?: infection> for now.",
    ),
    "infection_confirmed": (
        "on opening the capsule <infection: frank pus> was encountered.",
        "<infection: purulent fluid> surrounded the implant, and a sinus reached the joint.",
        "there was an <infection: abscess> deep to the fascia, in continuity with the joint.",
        "the joint was full of <infection: purulent material>; the situation was that of a <infection: septic> hip.",
        "<infection: pus> was found in the canal behind the implant.",
        "the implant was obviously <infection: infected>, and a thorough debridement was done.",
    ),
    "culture_confirmed": (
        "intra-operative <infection: cultures grew Staphylococcus epidermidis> in [three|four] of five samples.",
        "final report: <infection: positive cultures> in [three|four] samples (Cutibacterium acnes).",
        "<infection: tissue cultures positive> for Enterococcus faecalis in [two|three] samples.",
    ),
    "culture_negative": (
        "all cultures remained without growth at [10|14] days; no <infection-: infection>.",
        "histology: wear particle reaction, no acute inflammation. Cultures negative.",
        "cultures final: no growth, no <infection-: infection>.",
    ),
    "culture_pending": (
        "one of five samples shows growth in broth only, significance unclear; <infection?: possible infection>.",
        "cultures are still pending at the time of this addendum; <infection?: suspected infection> stays open.",
    ),
    "terse_infection_none": (
        "no <infection-: pus>, frozen neg",
        "no sign of <infection-: infection>",
        "fluid clear, FS neg",
    ),
    "terse_infection_suspected": (
        "fluid cloudy, FS equivocal, ?<infection?: infection>, cultures pending",
        "suspicious for <infection?: infection>, 5 samples sent",
    ),
    "terse_infection_confirmed": ("<infection: frank pus>, 6 samples", "<infection: purulent fluid>, debrided"),
}
