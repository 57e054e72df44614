"""How the operation went, apart from what was found."""

from __future__ import annotations

TECHNIQUE: dict[str, tuple[str, ...]] = {
    "time_out": (
        "The {side} hip was marked, the patient identified, and a time-out held by {nurse_titled}.",
        "Cefazolin 2 g and tranexamic acid 1 g were given before the incision.",
        "The correct side, {side}, was confirmed by the whole team.",
        "{Title} {patient} was seen in the holding area and the {side} hip was initialled.",
        "Antibiotics were [given after|withheld until] the tissue samples had been taken.",
        "Consent, imaging and implants were checked before the start.",
    ),
    "position": (
        "After time-out and antibiotics the patient was placed in [lateral decubitus|the lateral position].",
        "Under [spinal|general] [anaesthesia] the patient was positioned on the {other} side with all points padded.",
        "The {side} leg was prepped and draped free in the usual sterile fashion.",
        "The patient was turned {side} side up and fixed with [a beanbag|pelvic supports].",
    ),
    "approach": (
        "The old [posterolateral|lateral] scar was opened and extended by [3|4|5] cm.",
        "A posterior approach was used, and the short rotators were tagged.",
        "A modified Hardinge approach was made through the former scar.",
        "A direct lateral approach gave good exposure.",
        "Through the old scar the fascia was opened and the gluteus maximus split bluntly.",
        "A transgluteal approach was chosen.",
        "The old scar was excised and the fascia lata incised in line with its fibres.",
    ),
    "primary_approach": (
        "A posterior approach was used, and the short rotators were tagged.",
        "A direct anterior approach was made between tensor and sartorius.",
        "A modified Hardinge approach was made.",
        "An anterolateral muscle-sparing approach gave good exposure.",
    ),
    "exposure": (
        "The sciatic nerve was palpated and protected.",
        "The hip was dislocated [without difficulty|after release of scar].",
        "A pseudocapsule was excised and sent for histology.",
        "A Charnley retractor was placed and the scar excised from the acetabular rim.",
        "The head was knocked off and the taper protected.",
        "The joint was dislocated posteriorly with a bone hook around the neck.",
    ),
    "after_removal": (
        "After removal of {revised} the bone bed was curetted and washed out.",
        "With {revised} out, samples were taken and the bed was cleared with curettes.",
        "Following removal of {revised} all debris was cleared and the bone bed dried.",
        "{revised_first} having been removed, the bed was freshened to bleeding bone.",
    ),
    "new_cup": (
        "After reaming to {ream_mm} mm a {shell_mm} mm multi-hole shell was fixed with [two|three] screws.",
        "A porous titanium cup of {shell_mm} mm was press-fitted and augmented with screws.",
        "Cancellous allograft was packed into the defect and a {shell_mm} mm revision cup seated.",
        "A dual-mobility cup of {shell_mm} mm was impacted in 40 degrees of inclination.",
        "A new shell was impacted; it had good press-fit and a highly cross-linked liner was locked in.",
    ),
    "new_stem": (
        "The canal was reamed to {stem_size} mm and a tapered fluted stem of [190|230] mm implanted.",
        "A modular fluted stem was seated with good axial and rotational grip.",
        "A long cementless stem, size {stem_size}, was driven home until it no longer advanced.",
        "A prophylactic cable was passed below the lesser trochanter and a revision stem inserted.",
        "A diaphyseal fitting stem was inserted and the version set to 15 degrees.",
    ),
    "primary_bone": (
        "The neck was osteotomised, the acetabulum reamed to {ream_mm} mm and a cementless cup press-fitted. "
        "The canal was broached and a cementless stem inserted.",
        "After neck osteotomy the cup was impacted with good press-fit; the stem followed, size [4|5|6|7].",
        "Head and osteophytes were removed, a {shell_mm} mm cup and a tapered stem of size [4|5|6|7] implanted. "
        "Both were <fixed~: stable> on testing.",
    ),
    "keep": (
        "The {kept} was retained.",
        "The {kept} was left in place and a new {head_mm} mm head fitted.",
        "The taper was cleaned, the {kept} kept, and a new {head_mm} mm ceramic head with sleeve put on.",
    ),
    "trial": (
        "Trial reduction showed a hip that was <fixed~: stable> through a full range of motion.",
        "Leg lengths were equal and the reduced hip did not dislocate in 90 degrees of flexion.",
        "With a {head_mm} mm head the joint was <fixed~: stable> in all positions.",
        "The joint was reduced; tension of the abductors was good.",
    ),
    "closure": (
        "The wound was irrigated with [three|six] litres of saline and closed in layers.",
        "Short rotators were repaired through drill holes; skin was closed with staples.",
        "Fascia, subcutis and skin were closed; a [negative-pressure|sterile] dressing was applied.",
        "A drain was placed and the wound closed with interrupted sutures.",
    ),
    "counts": (
        "Counts were correct as reported by {nurse_titled}.",
        "Swab and instrument counts correct.",
        "All counts were correct at the end.",
    ),
    "condition": (
        "The patient was taken to recovery in <fixed~: stable> condition.",
        "{Title} {patient} tolerated the procedure well and left the theatre in good condition.",
        "No intra-operative complications.",
        "There were no complications, and the patient was extubated.",
    ),
    "blood": ("[300|350|400|450|600|750] ml", "about [400|500|700] ml", "350-400 ml", "[250|500] cc"),
    "plan": (
        "Partial weight bearing for six weeks, then radiograph.",
        "Weight bearing as tolerated with two crutches.",
        "Thrombosis prophylaxis for 35 days; clinic in six weeks.",
        "Toe-touch weight bearing for six weeks, abduction pillow at night.",
        "Antibiotics until cultures are final, then stop if no growth.",
        "Follow-up with Dr {doctor} on {date_later}.",
        "Questions to the ward, phone <number: {phone}>.",
        "The family, {relative}, was informed after surgery.",
    ),
    "plan_septic": (
        "Antibiotics by the infectious disease team for [six|twelve] weeks.",
        "Intravenous flucloxacillin and rifampicin; weekly CRP.",
        "Second stage to be planned when markers are normal.",
    ),
    "specimens": (
        "five tissue samples for culture, one for histology",
        "membrane for histology; [four|five|six] samples for microbiology",
        "explanted components, tissue for culture",
        "capsule and membrane",
    ),
    "primary_specimens": ("femoral head", "femoral head for histology", "none"),
    "cause_cup": (
        "the cause of the symptoms was the steep cup, with impingement marks on the liner rim.",
        "the liner was worn through superiorly.",
        "the anterior rim of the cup overhung the bone and irritated the iliopsoas tendon.",
    ),
    "cause_stem": (
        "the taper was corroded, with black debris, and explained the symptoms.",
        "the stem stood in marked varus with its tip against the lateral cortex.",
        "the neck had been cut short and the offset was insufficient.",
    ),
    "cause_both": (
        "the tissues were stained grey by metal debris, which explained the symptoms.",
        "combined anteversion was insufficient and both components were changed.",
        "there was a thick-walled pseudotumour without solid parts.",
    ),
}
