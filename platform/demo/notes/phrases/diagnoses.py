"""Diagnoses before and after, procedures, and the history that led there."""

from __future__ import annotations

DIAGNOSES: dict[str, tuple[str, ...]] = {
    "hip": ("{side} total hip arthroplasty", "{side} total hip replacement", "{side} THA", "{side} THR"),
    "pre_loosening": (
        "<loose~: aseptic loosening> of {hip}",
        "<loose~: aseptic loosening>, {hip}",
        "painful {hip} with <loose?~: suspected loosening> of {revised}",
        "failed {hip}, <loose~: mechanical loosening>",
        "painful {hip}, rule out <loose?~: loosening>",
        "<loose~: loosening> of {revised}, {side} hip",
        "<loose?~: probable loosening> of cementless {hip}",
    ),
    "post_same": (
        "same",
        "same as pre-operative diagnosis",
        "same, confirmed",
        "<loose+: aseptic loosening> of {loose_words}, {hip}",
        "<loose+: mechanical loosening> of {loose_words}, {side} hip",
        "<loose+: aseptic loosening>, {hip}",
    ),
    "post_unstated": ("same", "same as above", "failed {hip}", "same as pre-operative diagnosis"),
    # What a template fills in, whatever was found.
    "post_lazy": ("same", "same as pre-operative diagnosis", "as above", "see above"),
    "post_plain": ("same", "same as pre-operative diagnosis", "as above", "same, confirmed"),
    "pre_other": (
        "recurrent dislocation of {hip}",
        "polyethylene wear, {hip}",
        "metallosis after metal-on-metal {hip}",
        "periprosthetic fracture, {hip}",
        "leg length discrepancy and instability, {hip}",
    ),
    "post_loosening": (
        "<loose+: aseptic loosening> of {loose_words}, {hip}",
        "<loose+: loosening> of {loose_words}, {side} hip, not expected",
        "<loose+: loose> {loose_bare}, {hip}",
    ),
    "post_differs": (
        "adverse local tissue reaction with <loose+: loose> {loose_bare}, {hip}",
        "metallosis with <loose+: loosening> of {loose_words}, {side} hip",
        "periprosthetic fracture with <loose+: loose> {loose_bare}, {side} hip",
    ),
    "post_infected": (
        "periprosthetic joint <infection+: infection>, {hip}",
        "<infection+: septic> <loose+: loosening> of {hip}",
        "<infection+: infected> {hip} with <loose+: loose> {loose_bare}",
    ),
    "post_suspected": (
        "same; <infection?+: possible infection>, cultures pending",
        "<loose+: loosening> of {loose_words}, {hip}; <infection?+: infection> not excluded",
        "same",
    ),
    "post_fixed_cup": (
        "cup malposition with impingement, {hip}; {cup} <fixed+: well fixed>",
        "polyethylene wear, {hip}, <fixed+: well-fixed> components",
        "iliopsoas impingement, {hip}, <loose-: no loosening>",
    ),
    "post_fixed_stem": (
        "taper corrosion, {hip}; {stem} <fixed+: well fixed>",
        "thigh pain from varus stem, {hip}, <loose-: no loosening>",
        "stiffness mismatch and thigh pain, {hip}; <fixed+: well-fixed> stem",
    ),
    "post_fixed_both": (
        "metal reaction, {hip}, <fixed+: well-fixed> components",
        "combined malrotation of {hip}, <loose-: no loosening>",
        "recurrent instability, {hip}; both components <fixed+: well fixed>",
    ),
    "pre_cause_cup": (
        "recurrent dislocation, {hip}",
        "polyethylene wear with osteolysis, {hip}",
        "cup malposition, {hip}",
    ),
    "pre_cause_stem": (
        "taper corrosion, {hip}",
        "periprosthetic femoral fracture, Vancouver B1, {hip}",
        "leg length discrepancy, {hip}",
    ),
    "pre_cause_both": (
        "recurrent instability, {hip}",
        "metal-on-metal reaction, {hip}",
        "component malrotation, {hip}",
    ),
    "pre_primary": (
        "primary osteoarthritis of the {side} hip",
        "end-stage coxarthrosis, {side}",
        "avascular necrosis, {side} hip",
    ),
    "procedure_both": (
        "revision of both components, {hip}",
        "revision {hip}, acetabular and femoral components",
        "complete revision of {hip} (CPT 27134)",
    ),
    "procedure_cup": (
        "revision of the acetabular component, {hip}",
        "revision {hip}, acetabular side only, with new head",
        "cup revision, {side} hip (CPT 27137)",
    ),
    "procedure_stem": (
        "revision of the femoral component, {hip}",
        "revision {hip}, femoral side only",
        "stem revision with exchange of head and liner, {side} hip (CPT 27138)",
    ),
    "procedure_primary": ("cementless {hip}", "primary {hip}, cementless (CPT 27130)", "{hip}"),
    "complaint": (
        "increasing [groin|thigh|buttock] pain over [four|six|nine|twelve] months",
        "start-up pain and a limp for [half a year|several months|the last year]",
        "pain on weight bearing and at night",
        "activity-related thigh pain, now using [a cane|two crutches]",
        "progressive loss of walking distance",
    ),
    "imaging": (
        "Radiographs [showed|demonstrated] <loose?~: possible loosening> of {revised}.",
        "Serial films showed a progressive lucent line and were read as <loose?~: suspicious for loosening>.",
        "A bone scan raised the question of <loose?~: loosening>.",
        "The radiologist could not exclude <loose?~: loosening>.",
        "X-rays of {date_earlier} were reported as a <fixed~: stable> implant; CT suggested <loose?~: loosening>.",
        "Radiographs showed eccentric position of the head.",
        "Radiographs of {date_earlier} were compared with earlier films.",
    ),
    "work_up": (
        "CRP was [3|4|6] mg/l and the aspirate grew nothing, so <infection-~: infection> was thought unlikely.",
        "Aspiration had been done to rule out <infection?~: infection>.",
        "Inflammatory markers were normal; no history of <infection-~: infection>.",
        "The risks including bleeding, nerve injury, dislocation, fracture and <infection~: infection> were explained.",
        "Risks, benefits and alternatives were discussed and consent was given.",
    ),
    "history": (
        "{Title} {patient} is {a_person} who had {hip} {years} ago and presents with {complaint}.",
        "This {person} underwent cementless {hip} in {earlier_date} and developed {complaint}.",
        "The patient is {a_person}, {years} after cementless {hip}, with {complaint}.",
        "{person} with {complaint}; index operation {years} ago at another hospital.",
        "{Title} {patient}, {a_person}, was referred by Dr {doctor} because of {complaint}.",
    ),
    "history_primary": (
        "{Title} {patient} is {a_person} with end-stage arthritis of the {side} hip and failed non-operative care.",
        "This {person} has had {complaint} and wished to proceed to hip replacement.",
    ),
}
